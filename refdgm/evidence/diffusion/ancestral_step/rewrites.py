"""The ancestral step, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.ancestral_step import ancestral_step
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import along


@rewrite(ancestral_step)
def through_the_predicted_data(
    xt: Any, eps_pred: Any, noise: Any, beta: Any, alpha_prod_prev: Any, *, variance: str
) -> Any:
    """x₀ from x_t and ε, then the mean of the posterior of x_{t−1} given x_t and x₀."""
    beta, before = along(beta, xt), along(alpha_prod_prev, xt)
    alpha, now = 1 - beta, (1 - before) + beta * before
    of_x0, of_xt = np.sqrt(before) * beta / now, np.sqrt(alpha) * (1 - before) / now
    x0 = (xt - np.sqrt(now) * eps_pred) / np.sqrt(alpha * before)
    sigma = np.sqrt(of_x0 * (1 - before) / np.sqrt(before) if variance == "posterior" else beta)

    def pullback(bar: Any) -> dict[str, Any]:
        x0_bar = of_x0 * bar / np.sqrt(alpha * before)
        return {"xt": of_xt * bar + x0_bar, "eps_pred": -np.sqrt(now) * x0_bar}

    return of_x0 * x0 + of_xt * xt + sigma * noise, pullback


@rewrite(ancestral_step)
def with_products_of_alphas(
    xt: Any, eps_pred: Any, noise: Any, beta: Any, alpha_prod_prev: Any, *, variance: str
) -> Any:
    """As `through_the_predicted_data`, with 1 − ᾱ_t by subtraction: what most samplers have; it loses digits."""
    beta, before = along(beta, xt), along(alpha_prod_prev, xt)
    product = (1 - beta) * before
    of_x0 = np.sqrt(before) * beta / (1 - product)
    of_xt = np.sqrt(1 - beta) * (1 - before) / (1 - product)
    own, other = np.sqrt(1 / product), np.sqrt(1 / product - 1)
    sigma = np.sqrt((1 - before) / (1 - product) * beta if variance == "posterior" else beta)

    def pullback(bar: Any) -> dict[str, Any]:
        return {"xt": of_x0 * own * bar + of_xt * bar, "eps_pred": -of_x0 * other * bar}

    return of_x0 * (own * xt - other * eps_pred) + of_xt * xt + sigma * noise, pullback


@rewrite(ancestral_step)
def with_the_score(xt: Any, eps_pred: Any, noise: Any, beta: Any, alpha_prod_prev: Any, *, variance: str) -> Any:
    """(x_t + β s) / √α with the score s = −ε / √(1 − ᾱ)."""
    beta, before = along(beta, xt), along(alpha_prod_prev, xt)
    now = (1 - before) + beta * before
    score = -eps_pred / np.sqrt(now)
    sigma = np.sqrt(beta) if variance == "beta" else np.sqrt(beta) * np.sqrt((1 - before) / now)

    def pullback(bar: Any) -> dict[str, Any]:
        xt_bar = (1 - beta) ** -0.5 * bar
        return {"xt": xt_bar, "eps_pred": -(beta * xt_bar) / np.sqrt(now)}

    return (xt + beta * score) / np.sqrt(1 - beta) + sigma * noise, pullback
