"""Bounds of small deep machines: at any means, near their best ones, and where layers do not meet."""

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, thirds
from refdgm.evidence.energy import layered as shared
from refdgm.evidence.energy.layered import layered
from refdgm.evidence.energy.machine import everywhere

NOTES = shared.NOTES | {
    "settled_means": "means of a mean field, as float32 has them: their gradients are what rounding left",
    "half_means": "means of ½: the entropy is highest, and has no slope",
    "nearly_sure": "means within 1e-6 of 0 or 1: the entropy is nearly nothing, and steep",
}


def settled(arrays: Arrays) -> Arrays:
    v, W1, W2, c1, c2 = (arrays[f"input.{name}"] for name in ("v", "W1", "W2", "c1", "c2"))
    mean2 = np.full_like(arrays["input.mean2"], 0.5)
    for _ in range(200):
        mean1 = 1 / (1 + np.exp(-(v @ W1.T + mean2 @ W2 + c1)))
        mean2 = 1 / (1 + np.exp(-(mean1 @ W2.T + c2)))
    return {f"input.mean{n}": mean.astype(np.float32).astype(float) for n, mean in ((1, mean1), (2, mean2))}


def nearly_sure(arrays: Arrays) -> Arrays:
    return {f"input.{name}": np.where(arrays[f"input.{name}"] > 0.5, 1 - 2.0**-20, 2.0**-21)
            for name in ("mean1", "mean2")}


LIST = [
    *layered({"E": 7}),
    Ask("settled means", ("primes", "settled_means"), sizes={"E": 7}, change=settled),
    Ask("means of ½ below", ("primes", "half_means", "full"), sizes={"E": 7},
        change=both(thirds, everywhere(0.5, "mean1"))),
    Ask("means of ½ above", ("primes", "half_means", "full"), sizes={"E": 7},
        change=both(thirds, everywhere(0.5, "mean2"))),
    Ask("means that are nearly sure", ("primes", "nearly_sure"), sizes={"E": 7}, change=nearly_sure),
]
CASES = {"dbm_bound": LIST}
