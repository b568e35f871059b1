"""The inverse of a planar layer: value and gradient by hand against an unrolled iteration that is differentiated.

    OMP_NUM_THREADS=1 python -m validation.benchmarks.planar_root

CPU time of the process, the least of the rounds. All make the same number of Newton steps from the same start.
"""

from collections.abc import Callable
from time import process_time

import autograd
import autograd.numpy as anp
import numpy as np
import torch

from refdgm.flow.planar_transform import STEPS, planar_inverse


def unrolled(xp, x, u, w, b):
    along = xp.dot(u, w)
    k, y = xp.log(1 + xp.exp(along)) - 1, x @ w + b
    a = y / (1 + k + (xp.abs(y) / (1 + xp.abs(y))) ** (2 / 3))
    for _ in range(STEPS):
        h = xp.tanh(a)
        a = a - (a + k * h - y) / (1 + k * (1 - h * h))
    h = xp.tanh(a)
    return x - h[:, None] * (u + (k - along) * w / xp.dot(w, w)), -xp.log(1 + k * (1 - h * h))


def by_hand(args, bars):
    return planar_inverse.body(*args, constraint="softplus")[1](*bars)


def by_autograd(args, bars):
    def paired(every):
        z, log_det = unrolled(anp, *every)
        return anp.sum(z * bars[0]) + anp.sum(log_det * bars[1])

    return autograd.grad(paired)(tuple(args))


def by_torch(args, bars):
    leaves = [torch.tensor(x, requires_grad=True) for x in args]
    return torch.autograd.grad(unrolled(torch, *leaves), leaves, [torch.tensor(bar) for bar in bars])


def least(f: Callable[[], object], rounds: int = 9, repeats: int = 5) -> float:
    """Seconds of processor time of one call."""
    found = []
    for _ in range(rounds):
        start = process_time()
        for _ in range(repeats):
            f()
        found.append((process_time() - start) / repeats)
    return min(found)


def main() -> None:
    torch.set_num_threads(1)
    rng = np.random.default_rng(7)
    for batch, size in ((64, 2), (512, 8), (4096, 8)):
        args = [rng.normal(size=shape) for shape in ((batch, size), (size,), (size,), ())]
        bars = [rng.normal(size=(batch, size)), rng.normal(size=batch)]
        value = least(lambda args=args: planar_inverse.body(*args, constraint="softplus"))
        every = (by_hand, by_autograd, by_torch)
        ours, *theirs = (least(lambda f=f, args=args, bars=bars: f(args, bars)) for f in every)
        print(f"B = {batch}, D = {size}: {1e3 * ours:.2f} ms, {ours / value:.2f} of the value alone; autograd "
              f"{theirs[0] / ours:.1f}, torch {theirs[1] / ours:.1f} times as long")


if __name__ == "__main__":
    main()
