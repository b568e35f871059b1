"""What value and gradient of a discriminator's loss cost, by hand and on a tape.

    python -m validation.benchmarks.discriminator_cost

Interleaved in this process, one thread, CPU time.
"""

import json

import numpy as np

from refdgm import gan_discriminator_loss as reference

from .solver_cost import ratio


def drawn(data: int, samples: int):
    rng = np.random.Generator(np.random.Philox(key=5))
    return 4 * rng.normal(size=data), 4 * rng.normal(size=samples)


def ours(args):
    return lambda: reference.body(*args)[1](np.array(1.0))


def on_autograd(args):
    import autograd.numpy as anp
    from autograd import grad

    loss = lambda both: anp.mean(anp.logaddexp(0.0, -both[0])) + anp.mean(anp.logaddexp(0.0, both[1]))
    return lambda: grad(loss)(args)


def in_torch(args):
    import torch

    torch.set_num_threads(1)
    real, fake = (torch.tensor(x, requires_grad=True) for x in args)
    logit = torch.nn.functional.logsigmoid
    return lambda: torch.autograd.grad(-logit(real).mean() - logit(-fake).mean(), (real, fake))


def costs() -> dict[str, float]:
    found = {}
    for size in (64, 65536):
        args = drawn(size, size)
        found |= {f"autograd / ours, {size} of each": ratio(on_autograd(args), ours(args)),
                  f"torch / ours, {size} of each": ratio(in_torch(args), ours(args))}
    return found


if __name__ == "__main__":
    print(json.dumps({name: round(x, 2) for name, x in costs().items()}, indent=2))
