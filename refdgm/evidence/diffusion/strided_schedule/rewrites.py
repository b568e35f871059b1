"""The strided schedule, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.strided_schedule import strided_schedule
from refdgm.evidence.declare import rewrite


@rewrite(strided_schedule)
def by_logarithms(beta: Any, *, steps: int, spacing: str) -> Any:
    """Timesteps by rounding floats, ᾱ by a sum of logarithms, the strides by the recursion of 1 − ᾱ."""
    train = len(beta)
    if spacing == "trailing":
        visited = np.rint(np.arange(steps, 0, -1) * train / steps) - 1
    else:
        by = train // steps if spacing == "leading" else (train - 1) / max(steps - 1, 1)
        visited = np.rint(np.arange(steps - 1, -1, -1) * by)
    visited = visited.astype(np.int64)
    alpha_prod = np.exp(np.cumsum(np.log1p(-beta)))[visited]
    strides = []
    for t, s in zip(visited, [*visited[1:], -1], strict=True):
        gone = 0.0
        for b in beta[s + 1 : t + 1]:
            gone = b + (1 - b) * gone
        strides.append(gone)
    return visited, np.asarray(strides), alpha_prod, np.append(alpha_prod[1:], 1.0)
