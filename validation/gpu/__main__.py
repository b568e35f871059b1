"""What is to be seen on a GPU, in ten minutes; the record is validation/reports/gpu/DATE, or stand-in beside it.

    python -m validation.gpu --date 2026-11-30                    needs a device, and the extras test and torch
    python -m validation.gpu --date 2026-11-30 --stand-in         the same on none, to see that it works; --only NAME
    python -m validation.gpu --date 2026-11-30 --minutes 5

Every reference as a CUDA graph, in CuPy and in torch where these find a device; plain calls, graphs and torch's
autograd side by side; the suite's lane for a device; `refdgm check --device cuda`. The record is written after each
part, so that what was seen stays where the time ends. The exit code is 0 where every part that was begun passed.
"""

import argparse
import datetime
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from refdgm import CATALOGUE
from refdgm.cli.doctor import doctor

from . import graphs, libraries, record

LOSSES = "validation/candidates/torch_losses.py"
CHECK = ("-m", "refdgm", "check", LOSSES, "--device")
FEW = "softmax,affine,gaussian_kl_between,simple_loss"
SUITE = ("-m", "pytest", "-q", "-n", "0")
PARTS = {  # name: (seconds at most, words for Python), in the order of their worth
    "suite": (180, (*SUITE, "--backend", "cupy", "-m", "gpu", "--all-references")),
    "check": (120, (*CHECK, "cuda")),
    "check, float32": (60, (*CHECK, "cuda", "--dtype", "float32")),
    "check, bfloat16": (40, (*CHECK, "cuda", "--dtype", "bfloat16", "--select", FEW)),
    "check, untrusted": (40, (*CHECK, "cuda", "--untrusted", "--select", FEW)),
    "check, cuda:0": (30, (*CHECK, "cuda:0", "--select", "gaussian_kl")),
}
STAND_INS = {  # what there is of it without a device
    "suite": (120, (*SUITE, "-k", "test_lane and device1", "tests/primitives/test_softmax.py")),
    "check": (60, (*CHECK, "cpu", "--select", "softmax")),
}
GRAPHS, SPEED = 90, 100  # seconds at most, of each library


def part(name: str, words: tuple[str, ...], limit: float) -> dict[str, Any]:
    """One command: its exit code, its seconds, its last line."""
    started = time.monotonic()
    try:
        done = subprocess.run([sys.executable, *words], cwd=graphs.ROOT, capture_output=True, text=True, check=False,
                              timeout=limit)
        code, said = done.returncode, (done.stdout.strip() or done.stderr.strip()).splitlines()
    except subprocess.TimeoutExpired:
        code, said = 124, [f"not done in {limit:.0f} s"]
    return {"name": name, "command": "python " + " ".join(words), "exit": code,
            "seconds": round(time.monotonic() - started), "said": said[-1].strip().replace("|", "/") if said else ""}


def timed(library: str, sizes: tuple[str, ...], limit: float) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows that there were time for, and the part."""
    words, rows, started = ("-m", f"{__package__}.speed", library, *sizes), [], time.monotonic()
    with subprocess.Popen([sys.executable, *words], cwd=graphs.ROOT, text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout
        for line in process.stdout:
            rows.append(json.loads(line))
            if time.monotonic() - started > limit:
                process.terminate()
                break
        process.stdout.close()
        code = process.wait()
    return rows, {"name": f"speed, {library}", "command": "python " + " ".join(words), "exit": code,
                  "seconds": round(time.monotonic() - started), "said": f"{len(rows)} rows"}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m validation.gpu", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="the day that the record bears")
    parser.add_argument("--minutes", type=float, default=10, help="when to stop (default 10)")
    parser.add_argument("--stand-in", action="store_true", help="no device: libraries of the host in its place")
    parser.add_argument("--only", action="append", choices=list(CATALOGUE), metavar="NAME",
                        help="this reference under a graph")
    parser.add_argument("--without", action="append", default=[], choices=("speed", *PARTS), help="leave this part out")
    parser.add_argument("--output", type=Path, help="folder of the record")
    told = parser.parse_args(arguments)
    folder = told.output or graphs.ROOT / "validation/reports/gpu" / ("stand-in" if told.stand_in else told.date)
    names = ["stand-in cupy", "stand-in torch"] if told.stand_in else libraries.found()
    if not names:
        parser.error("neither CuPy nor torch finds a device; without one try --stand-in")
    until = time.monotonic() + 60 * told.minutes
    found: dict[str, Any] = {
        "date": told.date,
        "command": " ".join(["python -m validation.gpu", *(sys.argv[1:] if arguments is None else arguments)]),
        "stand-in": told.stand_in, "machine": doctor(), "references": len(told.only or CATALOGUE),
        "graphs": {}, "speed": {}, "parts": [],
    }

    def noted(done: dict[str, Any]) -> None:
        found["parts"].append(done)
        record.write(folder, found)
        print(f"{done['name']}: {done['exit']} in {done['seconds']} s: {done['said']}", flush=True)

    for library in names:
        started = time.monotonic()
        rows = found["graphs"][library] = list(
            graphs.all_of(library, told.only or list(CATALOGUE), min(until, started + GRAPHS)))
        whole = sum(map(graphs.right, rows))
        noted({"name": f"graphs, {library}", "command": f"python -m {__package__}.graphs {library} …",
               "exit": int(whole < found["references"]), "seconds": round(time.monotonic() - started),
               "said": f"{whole} of {found['references']} right"})
    for library in names if "speed" not in told.without else ():
        sizes = ("tiny",) if told.stand_in else ("small", "medium", "large")
        found["speed"][library], done = timed(library, sizes, min(SPEED, until - time.monotonic()))
        noted(done)
    for name, (limit, words) in (STAND_INS if told.stand_in else PARTS).items():
        if name not in told.without and (left := until - time.monotonic()) > 1:
            noted(part(name, words, min(limit, left)))
    print(f"Written: {folder}")
    return int(any(done["exit"] for done in found["parts"]))


if __name__ == "__main__":
    sys.exit(main())
