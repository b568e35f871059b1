"""x₀ from ε and ε from x₀, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.x0_from_eps import eps_from_x0, x0_from_eps
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example


@rewrite(x0_from_eps)
def by_reciprocals(xt: Any, eps: Any, alpha_prod: Any) -> Any:
    """√(1/ᾱ) x_t − √(1/ᾱ − 1) ε, as most code has it."""
    first, second = np.sqrt(1 / alpha_prod), np.sqrt((1 - alpha_prod) / alpha_prod)
    return every(first, xt) * xt - every(second, xt) * eps, lambda bar: {
        "xt": every(first, xt) * bar,
        "eps": -every(second, xt) * bar,
        "alpha_prod": per_example(bar * (every(1 / second, eps) * eps - every(1 / first, xt) * xt))
        / (2 * alpha_prod**2),
    }


@rewrite(eps_from_x0)
def by_the_ratio(xt: Any, x0: Any, alpha_prod: Any) -> Any:
    """(x_t/√ᾱ − x₀) / √((1 − ᾱ)/ᾱ)."""
    first, ratio = 1 / np.sqrt(alpha_prod), np.sqrt((1 - alpha_prod) / alpha_prod)
    rest = every(first, xt) * xt - x0
    return rest / every(ratio, xt), lambda bar: {
        "xt": every(first / ratio, xt) * bar,
        "x0": -bar / every(ratio, xt),
        "alpha_prod": per_example(bar * rest) * (1 / ratio) ** 3 / (2 * alpha_prod**2)
        - per_example(bar * xt) * first**3 / ratio / 2,
    }
