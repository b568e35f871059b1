"""The schedules and their products, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.linear_schedule import alpha_products, cosine_schedule, linear_schedule
from refdgm.evidence.declare import rewrite


@rewrite(linear_schedule)
def by_equal_steps(beta_first: Any, beta_last: Any, *, steps: int) -> Any:
    """From the first, one step at a time."""
    each = (beta_last - beta_first) / max(steps - 1, 1)
    return np.stack([beta_first + t * each for t in range(steps)])


@rewrite(cosine_schedule)
def by_quotients(offset: Any, cap: Any, *, steps: int) -> Any:
    """1 − f(t)/f(t − 1), as it is printed."""
    f = np.cos((np.arange(steps + 1) / steps + offset) / (1 + offset) * np.pi / 2) ** 2
    return np.minimum(1 - f[1:] / f[:-1], cap)


@rewrite(alpha_products)
def by_logarithms(beta: Any) -> Any:
    """ᾱ = e^{Σ log(1 − β)}, and 1 − ᾱ by the recursion c ← β + (1 − β) c."""
    alpha_prod = np.exp(np.cumsum(np.log(1 - beta)))
    one_minus, c = [], 0 * beta[0]
    for b in beta:
        c = b + (1 - b) * c
        one_minus.append(c)

    def pullback(a: Any, b: Any) -> Any:
        each = (b - a) * alpha_prod
        return {"beta": np.array([np.sum(each[s:]) for s in range(len(beta))]) / (1 - beta)}

    return (alpha_prod, np.array(one_minus)), pullback
