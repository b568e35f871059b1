"""CPU time of a log-determinant and its gradient: `python -m validation.benchmarks.determinant`."""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

from time import process_time

import autograd
import autograd.numpy as anp
import numpy as np
import torch

from refdgm.evidence.definitions import definition
from refdgm.flow.log_abs_det import log_abs_det

SIZES = ((1000, 2), (1000, 4), (32, 8), (1000, 8), (32, 16), (32, 64))
eliminated = definition("log_abs_det").usual["usual"]


def microseconds(f, least: float = 0.25, rounds: int = 3) -> float:
    """Of one call, the best of some rounds."""
    f()
    best = float("inf")
    for _ in range(rounds):
        calls, start = 0, process_time()
        while (spent := process_time() - start) < least:
            f()
            calls += 1
        best = min(best, spent / calls)
    return 1e6 * best


def ways(batch: int, size: int) -> dict:
    m, bar = np.random.default_rng(0).normal(size=(batch, size, size)), np.ones(batch)
    t, t_bar = torch.tensor(m, requires_grad=True), torch.ones(batch, dtype=torch.float64)
    return {
        "ours": lambda: log_abs_det.body(m)[1](bar),
        "elimination": lambda: autograd.grad(lambda x: anp.sum(eliminated(anp, x) * bar))(m),
        "autograd": lambda: autograd.grad(lambda x: anp.sum(anp.linalg.slogdet(x)[1] * bar))(m),
        "torch": lambda: torch.autograd.grad(torch.linalg.slogdet(t).logabsdet @ t_bar, t),
        "LAPACK": lambda: (np.linalg.slogdet(m), bar[:, None, None] * np.swapaxes(np.linalg.inv(m), 1, 2)),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    for batch, size in SIZES:
        ours, *others = (microseconds(f) for f in ways(batch, size).values())
        ratios = " | ".join(f"{x:.0f} ({x / ours:.2f})" for x in others)
        print(f"| {batch}, {size} | {ours:.0f} | {ratios} |", flush=True)
