"""Every reference as a CUDA graph: captured with one case, replayed with another.

    python -m validation.gpu.graphs cupy NAME NAME …      a line of JSON for each

What reads an element, or copies one from the host, cannot be captured; what decided on the host by the numbers of the
first case would answer wrong in the second.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from refdgm import CATALOGUE
from refdgm.cases import Case, draw
from refdgm.reference import Reference

from . import libraries

ROOT = Path(__file__).resolve().parents[2]
SEEDS = 3, 4  # captured with the first, replayed with the second
NEAR = 1e-10  # of the largest: the same kernels, but a sum may have another order


def asked(ref: Reference, library: Any, case: Case) -> tuple[Callable[[], dict[str, Any]], dict[str, Any]]:
    """The value and all cotangents as a function of no arguments, and the arrays that it reads."""
    arrays = {name: library.there(x) for name, x in case.arrays.items()}
    held = Case(case.reference, case.id, case.options, arrays)
    return lambda: ref.answers(held), arrays


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference by the largest number; infinite where they are not alike."""
    if one.shape != other.shape or not np.array_equal(np.isfinite(one), np.isfinite(other)):
        return float("inf")
    one, other = (np.nan_to_num(np.asarray(x, np.float64), posinf=1e300, neginf=-1e300) for x in (one, other))
    return float(np.max(np.abs(one - other), initial=0.0) / max(np.max(np.abs(one), initial=0.0), 1e-300))


def looked(name: str, library: Any) -> dict[str, Any]:
    """Of one reference: whether it was captured, how far the replay is from the plain call and that from NumPy."""
    ref, started = CATALOGUE[name], time.perf_counter()
    first, second = (draw(ref, seed) for seed in SEEDS)
    try:
        f, _ = asked(ref, library, second)
        plain = {role: library.back(x) for role, x in f().items()}
        f, arrays = asked(ref, library, first)
        captured = library.captured(f)
        for role, buffer in arrays.items():
            library.put(buffer, second.arrays[role])
        library.wait()
        captured.replay()
        library.wait()
        replayed = {role: library.back(x) for role, x in captured.made.items()}
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        return {"name": name, "captured": False, "why": f"{type(error).__name__}: {said}"}
    host = ref.answers(second)
    return {"name": name, "captured": True, "seconds": round(time.perf_counter() - started, 3),
            "from plain": max((apart(plain[role], x) for role, x in replayed.items()), default=0.0),
            "from NumPy": max((apart(np.asarray(host[role]), x) for role, x in plain.items()), default=0.0)}


def right(row: dict[str, Any]) -> bool:
    return row["captured"] and row["from plain"] <= NEAR


def all_of(library: str, names: list[str], until: float) -> Iterator[dict[str, Any]]:
    """In a process of its own, for a capture that goes wrong may end it: then another goes on behind that reference."""
    left = list(names)
    while left and time.monotonic() < until:
        with subprocess.Popen([sys.executable, "-m", f"{__package__}.graphs", library, *left], cwd=ROOT, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout
            for line in process.stdout:
                row = json.loads(line)
                left.remove(row["name"])
                yield row
                if time.monotonic() > until:
                    process.terminate()
            if process.wait() and left and time.monotonic() < until:
                yield {"name": left.pop(0), "captured": False, "why": f"its process ended with {process.returncode}"}


def main(words: list[str]) -> None:
    library = libraries.opened(words[0])
    for name in words[1:]:
        print(json.dumps(looked(name, library)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
