"""What contrastive divergence and its gradient cost, here and where a library differentiates.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m validation.benchmarks.machine_cost

One process, one thread, CPU time; the calls alternate, so that a ratio is of one moment.
"""

import json
import statistics

import numpy as np

from refdgm import contrastive_divergence

from .worker import seconds_a_call

ROUNDS = 9
SIZES = {"small": {"batch": 32, "visible": 64, "hidden": 16}, "medium": {"batch": 128, "visible": 784, "hidden": 256}}


def drawn(batch, visible, hidden):
    rng = np.random.default_rng(2021)
    v, v_model = np.round(rng.uniform(size=(2, batch, visible)))
    return v, v_model, 0.1 * rng.normal(size=(hidden, visible)), rng.normal(size=visible), rng.normal(size=hidden)


def ours(v, v_model, W, b, c):
    return lambda: contrastive_divergence.body(v, v_model, W, b, c)[1](np.ones(()))


def torch(v, v_model, W, b, c):
    import torch as library
    from torch.nn.functional import linear, softplus

    library.set_num_threads(1)
    v, v_model = library.tensor(v), library.tensor(v_model)
    W, b, c = (library.tensor(x, requires_grad=True) for x in (W, b, c))

    def free(x):
        return -(x @ b) - softplus(linear(x, W, c)).sum(-1)

    return lambda: library.autograd.grad(free(v).mean() - free(v_model).mean(), (W, b, c))


def autograd(v, v_model, W, b, c):
    import autograd as library
    import autograd.numpy as anp

    def free(x, W, b, c):
        return -anp.dot(x, b) - anp.sum(anp.logaddexp(0, anp.dot(x, W.T) + c), axis=1)

    slope = library.grad(lambda every: anp.mean(free(v, *every)) - anp.mean(free(v_model, *every)))
    return lambda: slope((W, b, c))


def ratios(size: str) -> dict[str, float]:
    """Medians over rounds of quotients of CPU times, and ours in milliseconds."""
    arguments = drawn(**SIZES[size])
    calls = {who.__name__: who(*arguments) for who in (ours, torch, autograd)}
    rounds = [{who: seconds_a_call(call, 20) for who, call in calls.items()} for _ in range(ROUNDS)]
    found = {f"{who} / ours": round(statistics.median(r[who] / r["ours"] for r in rounds), 2)
             for who in ("torch", "autograd")}
    return found | {"ours, ms": round(1e3 * statistics.median(r["ours"] for r in rounds), 2)}


if __name__ == "__main__":
    for size in SIZES:
        print(size, json.dumps(ratios(size)))
