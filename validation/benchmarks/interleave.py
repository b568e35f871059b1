"""The controller: candidates side by side, in turn (A B C, C B A, …), so that a ratio is of one moment."""

import json
import math
import os
import statistics
import subprocess
import sys
from pathlib import Path

from .candidates import available

ROOT = Path(__file__).resolve().parents[2]  # where `-m validation.benchmarks…` is found
RAISED = "4000000000"  # bytes; glibc then keeps freed memory instead of faulting it in anew
NUMBERS_OF_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
CLOSE = {"float32": 2e-3, "float64": 1e-9}  # fingerprints at full size: rounding over long sums


def environment(default_allocator: bool) -> dict[str, str]:
    """One thread, and the allocator's thresholds raised unless told otherwise."""
    env = os.environ | dict.fromkeys(NUMBERS_OF_THREADS, "1")
    for name in ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"):
        env.pop(name, None)
        if not default_allocator:
            env[name] = RAISED
    return env


class Worker:
    """A candidate's process, pinned to one core."""

    def __init__(self, candidate: str, workload: str, size: str, default_allocator: bool = False) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.worker", candidate, workload, size],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(default_allocator), cwd=ROOT,
        )
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self.process.pid, {max(os.sched_getaffinity(0))})

    def ask(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{' '.join(self.process.args)} ended; its error is above")
        return json.loads(answer)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def measure(workload: str, size: str, dtypes, rounds: int, least: float, default_allocator: bool = False) -> list[dict]:
    """Rows {workload, size, dtype, seconds: {candidate: {what: median}}, ratios: {name: median of rounds}}."""
    names = available(workload)
    workers = {name: Worker(name, workload, size, default_allocator) for name in names}
    try:
        return [_one(workload, size, dtype, workers, rounds, least) for dtype in dtypes]
    finally:
        for worker in workers.values():
            worker.close()


def _one(workload, size, dtype, workers, rounds, least) -> dict:
    first = {name: worker.ask(prepare=dtype) for name, worker in workers.items()}
    prints = {name: answer["fingerprint"] for name, answer in first.items() if name != "products"}
    for name, theirs in prints.items():
        pairs = list(zip(prints["body"], theirs, strict=True))
        if not all(abs(a - b) <= CLOSE[dtype] * max(1.0, abs(a)) for a, b in pairs):
            raise AssertionError(f"{name} of {workload}, {size}, {dtype} computes something else than ours: {pairs}")
    jobs = [(name, what) for name in workers for what in (("value", "gradient") if name == "body" else ("gradient",))]
    counts = {(name, what): max(1, math.ceil(least / max(first[name][what], 1e-7))) for name, what in jobs}
    table: list[dict] = []
    faults: dict = {}
    for turn in range(rounds):
        row = {}
        for name, what in jobs if turn % 2 == 0 else reversed(jobs):
            answer = workers[name].ask(time=what, count=counts[name, what])
            row[name, what] = answer["seconds"]
            faults[name, what] = answer["faults"]
        table.append(row)
    ours = "body", "gradient"
    ratios = {"gradient/value": [row[ours] / row["body", "value"] for row in table]}
    for name in workers:
        if name == "products":
            ratios["products/ours"] = [row[name, "gradient"] / row[ours] for row in table]
        elif name != "body":
            ratios[f"{name}/ours"] = [row[name, "gradient"] / row[ours] for row in table]
    for name, other in (("body", "tuned"), ("torch", "ours on torch")):
        if {name, other} <= workers.keys():
            ratio = f"{name}/{other}".replace("body", "ours")
            ratios[ratio] = [row[name, "gradient"] / row[other, "gradient"] for row in table]
    if "slices" in workers:
        for name in workers.keys() & {"autograd", "torch", "products"}:
            ratios[f"{name}/slices"] = [row[name, "gradient"] / row["slices", "gradient"] for row in table]
    return {
        "workload": workload, "size": size, "dtype": dtype,
        "seconds": {f"{name} {what}": statistics.median(row[name, what] for row in table) for name, what in jobs},
        "faults": faults[ours],
        "ratios": {name: statistics.median(found) for name, found in ratios.items()},
        "ranges": {name: [min(found), max(found)] for name, found in ratios.items()},
    }
