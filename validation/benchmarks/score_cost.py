"""What a score and its gradient cost beside the energy alone, here and where a library differentiates twice.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m validation.benchmarks.score_cost

One process, one thread, CPU time; the calls alternate, so that a ratio is of one moment.
"""

import json
import statistics

import numpy as np

from refdgm import energy_score, mlp

from .worker import seconds_a_call
from .workloads import SIZES, parameters

ROUNDS = 9


def ours(x, theta):
    """Of ½ Σ‖s‖²: the energy alone, energy and score, and gradients for x and θ."""
    def gradient():
        (energy, s), pullback = energy_score.body(x, theta, activation="silu")
        return pullback(0 * energy, s)

    return {"energy": lambda: mlp.body(x, theta, activation="silu")[0],
            "score": lambda: energy_score.body(x, theta, activation="silu")[0], "gradient": gradient}


def torch(x, theta):
    import torch as library
    from torch.nn.functional import linear, silu

    library.set_num_threads(1)
    x = library.tensor(x, requires_grad=True)
    theta = {name: library.tensor(entry, requires_grad=True) for name, entry in theta.items()}

    def energy():
        h, depth = x, len(theta) // 2
        for layer in range(1, depth):
            h = silu(linear(h, theta[f"W{layer}"], theta[f"b{layer}"]))
        return linear(h, theta[f"W{depth}"], theta[f"b{depth}"])

    def gradient():
        (s,) = library.autograd.grad(energy().sum(), x, create_graph=True)
        return library.autograd.grad((s * s).sum() / 2, [x, *theta.values()], allow_unused=True)  # no score sees b of L

    return {"energy": energy, "score": lambda: library.autograd.grad(energy().sum(), x), "gradient": gradient}


def autograd(x, theta):
    import autograd as library
    import autograd.numpy as anp

    def energy(x, theta):
        h, depth = x, len(theta) // 2
        for layer in range(1, depth):
            a = h @ theta[f"W{layer}"].T + theta[f"b{layer}"]
            h = a / (1 + anp.exp(-a))
        return anp.sum(h @ theta[f"W{depth}"].T + theta[f"b{depth}"])

    slope = library.grad(energy)
    both = library.grad(lambda every: anp.sum(slope(*every) ** 2) / 2)
    return {"energy": lambda: energy(x, theta), "score": lambda: slope(x, theta), "gradient": lambda: both((x, theta))}


def ratios(size: str, dtype: str) -> dict[str, float]:
    """Medians over rounds of quotients of CPU times."""
    shape, rng = SIZES["mlp"][size], np.random.default_rng(2021)
    theta = {name: x.astype(dtype) for name, x in parameters(rng, shape.inputs, shape.hidden, 1).items()}
    x = rng.normal(size=(shape.batch, shape.inputs)).astype(dtype)
    calls = {(who.__name__, what): call for who in (ours, torch, autograd) for what, call in who(x, theta).items()}
    rounds = []
    for _ in range(ROUNDS):
        rounds.append({key: seconds_a_call(call, 20) for key, call in calls.items()})
    over = lambda above, below: round(statistics.median(r[above] / r[below] for r in rounds), 2)
    found = {f"{who}: {what} / energy": over((who, what), (who, "energy"))
             for what in ("score", "gradient") for who in ("ours", "torch", "autograd")}
    return found | {f"{who}'s gradient / ours": over((who, "gradient"), ("ours", "gradient"))
                    for who in ("torch", "autograd")}


if __name__ == "__main__":
    for size in ("small", "medium"):
        for dtype in ("float32", "float64"):
            print(size, dtype, json.dumps(ratios(size, dtype)))
