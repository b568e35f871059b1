"""What mean field and its gradient cost here, and where a library differentiates.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m validation.benchmarks.mean_field_cost

One process, one thread, CPU time; the calls alternate, so that a ratio is of one moment.
"""

import json
import statistics

import numpy as np

from refdgm import dbm_mean_field

from .worker import seconds_a_call

ROUNDS, PASSES = 9, 10
SIZES = {"small": (16, 20, 16, 12), "medium": (128, 256, 128, 64)}  # B, D, H, E


def ours(*given):
    def gradient():
        means, pullback = dbm_mean_field.body(*given, iterations=PASSES)
        return pullback(*means)

    return {"means": lambda: dbm_mean_field.body(*given, iterations=PASSES)[0], "gradient": gradient}


def torch(*given):
    import torch as library

    library.set_num_threads(1)
    v, start, W1, W2, c1, c2 = leaves = [library.tensor(x, requires_grad=True) for x in given]

    def means():
        mean2 = start
        for _ in range(PASSES):
            mean1 = library.sigmoid(v @ W1.T + mean2 @ W2 + c1)
            mean2 = library.sigmoid(mean1 @ W2.T + c2)
        return mean1, mean2

    return {"means": means,
            "gradient": lambda: library.autograd.grad(sum((m * m).sum() / 2 for m in means()), leaves)}


def autograd(*given):
    import autograd as library
    import autograd.numpy as anp

    def means(v, start, W1, W2, c1, c2):
        mean2 = start
        for _ in range(PASSES):
            mean1 = 1 / (1 + anp.exp(-(v @ W1.T + mean2 @ W2 + c1)))
            mean2 = 1 / (1 + anp.exp(-(mean1 @ W2.T + c2)))
        return mean1, mean2

    slope = library.grad(lambda every: sum(anp.sum(m * m) / 2 for m in means(*every)))
    return {"means": lambda: means(*given), "gradient": lambda: slope(tuple(given))}


def ratios(size: str, dtype: str) -> dict[str, float]:
    """Medians over rounds of quotients of CPU times."""
    (b, d, h, e), rng = SIZES[size], np.random.default_rng(2021)
    shapes = (h, d), (e, h), (h,), (e,)
    given = [rng.uniform(size=(b, d)), rng.uniform(size=(b, e)), *(rng.normal(size=s) / s[-1] ** 0.5 for s in shapes)]
    given = [x.astype(dtype) for x in given]
    calls = {(who.__name__, what): call for who in (ours, torch, autograd) for what, call in who(*given).items()}
    rounds = [{key: seconds_a_call(call, 20) for key, call in calls.items()} for _ in range(ROUNDS)]
    over = lambda above, below: round(statistics.median(r[above] / r[below] for r in rounds), 2)
    return {f"{who}: {what} / ours": over((who, what), ("ours", what))
            for what in ("means", "gradient") for who in ("torch", "autograd")}


if __name__ == "__main__":
    for size in SIZES:
        for dtype in ("float32", "float64"):
            print(size, dtype, json.dumps(ratios(size, dtype)))
