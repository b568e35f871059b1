"""What a gradient through the steps of a bilinear game costs, by hand and on a tape.

    python -m validation.benchmarks.game_cost

Interleaved in this process, one thread, CPU time.
"""

import json

import numpy as np

from refdgm import bilinear_game as reference

from .solver_cost import ratio

STEPS = 32


def drawn(pairs: int, left: int, right: int):
    """x, y, A, η, and cotangents."""
    rng = np.random.Generator(np.random.Philox(key=5))
    args = rng.normal(size=(pairs, left)), rng.normal(size=(pairs, right)), rng.normal(size=(left, right)) / left
    return (*args, np.array(0.1)), (rng.normal(size=(pairs, left)), rng.normal(size=(pairs, right)))


def ours(args, bars):
    return lambda: reference.body(*args, method="extragradient", steps=STEPS)[1](*bars)


def value(args):
    return lambda: reference.body(*args, method="extragradient", steps=STEPS)[0]


def looped(x, y, m):
    for _ in range(STEPS):
        ahead_x, ahead_y = x - y @ m.T, y + x @ m
        x, y = x - ahead_y @ m.T, y + ahead_x @ m
    return x, y


def on_autograd(args, bars):
    """The loop under HIPS autograd, with η in the matrix once, as ours has it."""
    import autograd.numpy as anp
    from autograd import grad

    def paired(every):
        x, y, matrix, step = every
        return sum(anp.sum(bar * last) for bar, last in zip(bars, looped(x, y, step * matrix), strict=True))

    return lambda: grad(paired)(args)


def in_torch(args, bars):
    import torch

    torch.set_num_threads(1)
    leaves = [torch.tensor(x, requires_grad=True) for x in args]
    cotangents = [torch.tensor(bar) for bar in bars]
    return lambda: torch.autograd.grad(looped(*leaves[:2], leaves[3] * leaves[2]), leaves, cotangents)


def costs() -> dict[str, float]:
    found = {}
    for sizes in ((64, 16, 16), (256, 128, 96)):
        args, bars = drawn(*sizes)
        mine, where = ours(args, bars), "{} pairs, {} × {}".format(*sizes)
        found |= {
            f"autograd / ours, {where}": ratio(on_autograd(args, bars), mine),
            f"torch / ours, {where}": ratio(in_torch(args, bars), mine),
            f"ours / value alone, {where}": ratio(mine, value(args)),
        }
    return found


if __name__ == "__main__":
    print(json.dumps({name: round(x, 2) for name, x in costs().items()}, indent=2))
