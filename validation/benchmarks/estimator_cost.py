"""What value and gradient of the estimator with the mean of the others cost, by hand and on a tape.

    python -m validation.benchmarks.estimator_cost

Interleaved in this process, one thread, CPU time.
"""

import json

import numpy as np

from refdgm import leave_one_out_estimator as reference

from .solver_cost import ratio


def drawn(examples: int, draws: int):
    rng = np.random.Generator(np.random.Philox(key=5))
    return -np.abs(rng.normal(size=(examples, draws))), rng.normal(size=(examples, draws))


def ours(args):
    bar = np.ones(len(args[0]))
    return lambda: reference.body(*args)[1](bar)


def on_autograd(args):
    import autograd.numpy as anp
    from autograd import grad

    held, log_held = args[1], args[0]

    def loss(both):
        log_prob, cost = both
        others = (anp.sum(held, axis=1, keepdims=True) - held) / (held.shape[1] - 1)
        return anp.sum(anp.mean(cost + (held - others) * (log_prob - log_held), axis=1))

    return lambda: grad(loss)(args)


def in_torch(args):
    import torch

    torch.set_num_threads(1)
    log_prob, cost = (torch.tensor(x, requires_grad=True) for x in args)

    def gradient():
        f = cost.detach()
        others = (f.sum(1, keepdim=True) - f) / (f.shape[1] - 1)
        loss = (cost + (f - others) * (log_prob - log_prob.detach())).mean(1).sum()
        return torch.autograd.grad(loss, (log_prob, cost))

    return gradient


def costs() -> dict[str, float]:
    found = {}
    for examples, draws in ((64, 8), (4096, 64)):
        args = drawn(examples, draws)
        found |= {f"autograd / ours, {examples} of {draws}": ratio(on_autograd(args), ours(args)),
                  f"torch / ours, {examples} of {draws}": ratio(in_torch(args), ours(args))}
    return found


if __name__ == "__main__":
    print(json.dumps({name: round(x, 2) for name, x in costs().items()}, indent=2))
