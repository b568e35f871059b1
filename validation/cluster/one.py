"""One task, in a process of its own: its answer and CPU seconds on the last line of standard output.

    python -m validation.cluster.one '{"campaign": "certification", "reference": "softmax"}'

Nothing is handed on from task to task, and one that dies or does not end takes nothing with it.
"""

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .campaigns import DEFINITIONS, ROOT, Task

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
SECONDS = 3600.0  # of a task


class Failed(RuntimeError):
    """A task that has no answer."""


def without_times(tree: Any) -> Any:
    """A report without what differs from run to run."""
    if isinstance(tree, dict):
        return {name: without_times(x) for name, x in tree.items() if name != "seconds"}
    return [without_times(x) for x in tree] if isinstance(tree, list) else tree


def of_sweep(task: Task) -> Any:
    """The report of `refdgm check`."""
    from refdgm.cli.main import main

    whose = ["--definitions"] if task["candidate"] == DEFINITIONS else [task["candidate"]]
    sizes = ["--shape", task["sizes"]] if task["sizes"] else []
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(["check", *whose, "--select", task["reference"], "--dtype", task["dtype"],
                     "--seed", str(task["seed"]), *sizes, "--json"])
    if code not in (0, 1):  # else there is no verdict
        raise Failed(f"refdgm check ended with {code}")
    return without_times(json.loads(said.getvalue()))


def of_mutants(task: Task) -> Any:
    """What became of each mutant of the file."""
    from validation.make.mutants import ask, chosen_of

    with contextlib.redirect_stdout(sys.stderr):
        return ask(chosen_of(task["file"].split("/")[1], [task["file"]]), of_maths=True)


def of_properties(task: Task) -> Any:
    """How many tests passed, and which did not."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--all-references",
                        "--hypothesis-profile", "long", f"--hypothesis-seed={task['seed']}", f"--junit-xml={report}",
                        task["file"]], cwd=ROOT, check=False, stdout=sys.stderr)
        tests = list(ET.parse(report).iter("testcase"))
    failed = sorted(f"{test.get('classname')}::{test.get('name')}" for test in tests
                    if test.find("failure") is not None or test.find("error") is not None)
    skipped = sum(test.find("skipped") is not None for test in tests)
    return {"passed": len(tests) - len(failed) - skipped, "failed": failed}


def of_certification(task: Task) -> Any:
    """Digests of index and numbers, and whether the shipped ones are the same."""
    from validation.make.vectors import FOLDER, made

    found = made(task["reference"])
    files = [FOLDER / f"{task['reference']}.{kind}" for kind in ("json", "safetensors")]
    return {"sha256": [hashlib.sha256(part).hexdigest() for part in found],
            "same": [file.read_bytes() == part for file, part in zip(files, found, strict=True)]}


ANSWERS: dict[str, Callable[[Task], Any]] = {
    "sweep": of_sweep, "mutants": of_mutants, "properties": of_properties, "certification": of_certification,
}


def carried_out(task: Task) -> tuple[Any, float]:
    """The answer to a task and its CPU seconds, from a process of its own. This is what a cluster's worker is given."""
    env = os.environ | dict.fromkeys(THREADS, "1")
    done = subprocess.run([sys.executable, "-m", f"{__package__}.one", json.dumps(task)], cwd=ROOT, env=env, text=True,
                          capture_output=True, check=False, timeout=SECONDS)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Failed(f"the task ended with {done.returncode}: {said[-1] if said else 'nothing said'}")
    answer, seconds = json.loads(done.stdout.splitlines()[-1])
    return answer, seconds


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    found = ANSWERS[asked["campaign"]](asked)
    print(json.dumps([found, round(sum(os.times()[:4]), 2)], sort_keys=True, ensure_ascii=False))
