"""What a hand-derived gradient buys under one compiler: `torch.compile` of ours and of torch's own autograd.

    python -m validation.benchmarks.compiled_cost [--size medium] mlp sliced …

Small sizes, float32, CPU time of one thread, in turn. Where the library cannot compile its own (a trace is a derivative
of a derivative), that is told. Needs torch and a C++ compiler; a compilation takes some ten seconds.
"""

import argparse
import json
import statistics
import warnings

import torch

from . import ours, with_torch, workloads
from .worker import seconds_a_call

COMPILED = ("mlp", "sliced", "shallow")


def programs(workload: str, size: workloads.Size) -> dict:
    """Gradients: ours as a whole, torch's by the compiled loss, of which the compiler makes the derivative."""
    arrays = workloads.draw(workload, size, "float32")
    own, theirs = ours.on_torch(workload, arrays, size)[1], with_torch.torch_eager(workload, arrays, size)[1]
    theirs.loss = torch.compile(theirs.loss, fullgraph=True)
    return {"ours": torch.compile(own, fullgraph=True), "autograd": theirs}


def measured(workload: str, size: workloads.Size, rounds: int = 5) -> dict:
    """{"ratio": autograd compiled / ours compiled} and seconds, or why one of them does not compile."""
    compiled, why = {}, {}
    torch._dynamo.reset()
    for name, f in programs(workload, size).items():
        try:
            f()
            compiled[name] = f
        except Exception as error:
            why[name] = " ".join(str(error).split())[:120]
    if why:
        return {"workload": workload, "refused": why}
    times = {name: [] for name in compiled}
    for turn in range(rounds):
        for name in [*compiled][:: 1 - 2 * (turn % 2)]:
            times[name].append(seconds_a_call(compiled[name], max(1, round(0.03 / seconds_a_call(compiled[name], 3)))))
    ratio = statistics.median(a / b for a, b in zip(times["autograd"], times["ours"], strict=True))
    return {"workload": workload, "ratio": ratio, "seconds": {n: statistics.median(t) for n, t in times.items()}}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m validation.benchmarks.compiled_cost")
    parser.add_argument("workloads", nargs="*", default=COMPILED)
    parser.add_argument("--size", default="small", choices=("tiny", "small", "medium"))
    told = parser.parse_args()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = [measured(name, workloads.SIZES[name][told.size]) for name in told.workloads]
    print(json.dumps({"size": told.size, "rows": rows}))


if __name__ == "__main__":
    main()
