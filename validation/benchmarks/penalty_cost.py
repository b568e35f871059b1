"""What the penalty of a critic's slope and its gradient cost, by a tangent and where a library differentiates twice.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m validation.benchmarks.penalty_cost

One process, one thread, CPU time; the calls alternate, so that a ratio is of one moment.
"""

import json
import statistics

import numpy as np

from refdgm import gradient_penalty
from refdgm.nets.field import CRITICS

from .worker import seconds_a_call
from .workloads import SIZES, parameters

ROUNDS = 9


def ours(real, fake, u, theta):
    """The critic alone, the penalty, and its gradients in θ, as a critic is trained, and in all."""
    critic, x = CRITICS["mlp_silu"], u[:, None] * real + (1 - u[:, None]) * fake

    def gradient(wrt):
        value, pullback = gradient_penalty.body(real, fake, u, theta, critic=critic, sides="two")
        return pullback(np.ones_like(value), wrt=wrt)

    return {"critic": lambda: critic.value(x, theta),
            "penalty": lambda: gradient_penalty.body(real, fake, u, theta, critic=critic, sides="two")[0],
            "gradient": lambda: gradient(("theta",)), "all gradients": lambda: gradient(("real", "fake", "theta"))}


def torch(real, fake, u, theta):
    import torch as library
    from torch.nn.functional import linear, silu

    library.set_num_threads(1)
    real, fake = (library.tensor(x, requires_grad=True) for x in (real, fake))
    share = library.tensor(u)[:, None]
    theta = {name: library.tensor(entry, requires_grad=True) for name, entry in theta.items()}
    plain = (share * real + (1 - share) * fake).detach()

    def critic(h):
        depth = len(theta) // 2
        for layer in range(1, depth):
            h = silu(linear(h, theta[f"W{layer}"], theta[f"b{layer}"]))
        return linear(h, theta[f"W{depth}"], theta[f"b{depth}"])

    def penalty(at, graph=True):
        (slope,) = library.autograd.grad(critic(at).sum(), at, create_graph=graph)
        return (slope.norm(2, dim=1) - 1).square().sum()

    def gradient(of):
        at = share * real + (1 - share) * fake if of else plain.requires_grad_()
        return library.autograd.grad(penalty(at), [*of, *theta.values()], allow_unused=True)  # no slope sees b of L

    return {"critic": lambda: critic(plain), "penalty": lambda: penalty(plain.requires_grad_(), graph=False),
            "gradient": lambda: gradient([]), "all gradients": lambda: gradient([real, fake])}


def autograd(real, fake, u, theta):
    import autograd as library
    import autograd.numpy as anp

    share = u[:, None]

    def critic(h, theta):
        depth = len(theta) // 2
        for layer in range(1, depth):
            a = h @ theta[f"W{layer}"].T + theta[f"b{layer}"]
            h = a / (1 + anp.exp(-a))
        return h @ theta[f"W{depth}"].T + theta[f"b{depth}"]

    slope = library.grad(lambda x, theta: anp.sum(critic(x, theta)))

    def penalty(x, y, theta):
        n = anp.sqrt(anp.sum(slope(share * x + (1 - share) * y, theta) ** 2, axis=1))
        return anp.sum((n - 1) ** 2)

    of_theta, of_all = library.grad(penalty, 2), library.grad(lambda every: penalty(*every))
    return {"critic": lambda: critic(share * real + (1 - share) * fake, theta),
            "penalty": lambda: penalty(real, fake, theta), "gradient": lambda: of_theta(real, fake, theta),
            "all gradients": lambda: of_all((real, fake, theta))}


def ratios(size: str, dtype: str) -> dict[str, float]:
    """Medians over rounds of quotients of CPU times."""
    shape, rng = SIZES["mlp"][size], np.random.default_rng(2017)
    theta = {name: x.astype(dtype) for name, x in parameters(rng, shape.inputs, shape.hidden, 1).items()}
    real, fake = rng.normal(size=(2, shape.batch, shape.inputs)).astype(dtype)
    u = rng.uniform(size=shape.batch).astype(dtype)
    calls = {(who.__name__, what): call for who in (ours, torch, autograd)
             for what, call in who(real, fake, u, theta).items()}
    rounds = [{key: seconds_a_call(call, 20) for key, call in calls.items()} for _ in range(ROUNDS)]
    over = lambda above, below: round(statistics.median(r[above] / r[below] for r in rounds), 2)
    found = {f"{who}: {what} / critic": over((who, what), (who, "critic"))
             for what in ("penalty", "gradient", "all gradients") for who in ("ours", "torch", "autograd")}
    return found | {f"{who}'s {what} / ours": over((who, what), ("ours", what))
                    for what in ("gradient", "all gradients") for who in ("torch", "autograd")}


if __name__ == "__main__":
    for size in ("small", "medium"):
        for dtype in ("float32", "float64"):
            print(size, dtype, json.dumps(ratios(size, dtype)))
