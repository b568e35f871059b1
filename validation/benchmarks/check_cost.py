"""What `refdgm check` costs, by CPU seconds of the command and its children: bare, one loss, one on large arrays."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from .interleave import ROOT, environment

LOSS = '''import numpy as np


def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y = e / e.sum(axis=-1, keepdims=True)
    return y, lambda y_bar: {"logits": y * (y_bar - (y * y_bar).sum(axis=-1, keepdims=True))}
'''
ASKED = {
    "one function of NumPy": ("losses.py",),
    "bare": (),
    "one function, B=4096,K=1025": ("losses.py", "--shape", "B=4096,K=1025"),
}


def seconds(words: tuple[str, ...], folder: Path) -> float:
    """CPU seconds until the report is there."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    env = environment(default_allocator=True) | {"PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-m", "refdgm", "check", *words], cwd=folder, env=env, capture_output=True,
                          text=True, check=False)
    if done.returncode > 1:
        raise RuntimeError(f"refdgm check {' '.join(words)} ended with {done.returncode}: {done.stderr[-300:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def costs() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "losses.py").write_text(LOSS, encoding="utf-8")
        return {what: seconds(words, Path(folder)) for what, words in ASKED.items()}


if __name__ == "__main__":
    print(json.dumps(costs()))
