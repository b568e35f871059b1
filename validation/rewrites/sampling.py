"""Steps of samplers."""

from typing import Any

import numpy as np

from .rewrite import rewrite


def per_example(c: Any, x: Any) -> Any:
    return c.reshape(c.shape + (1,) * (x.ndim - 1))


@rewrite("ancestral_step")
def through_the_predicted_data(
    xt: Any, eps_pred: Any, noise: Any, beta: Any, alpha_prod_prev: Any, *, variance: str
) -> Any:
    """x₀ from x_t and ε, then the mean of the posterior of x_{t−1} given x_t and x₀."""
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    alpha, now = 1 - beta, (1 - before) + beta * before
    of_x0, of_xt = np.sqrt(before) * beta / now, np.sqrt(alpha) * (1 - before) / now
    x0 = (xt - np.sqrt(now) * eps_pred) / np.sqrt(alpha * before)
    sigma = np.sqrt(of_x0 * (1 - before) / np.sqrt(before) if variance == "posterior" else beta)

    def pullback(bar: Any) -> dict[str, Any]:
        x0_bar = of_x0 * bar / np.sqrt(alpha * before)
        return {"xt": of_xt * bar + x0_bar, "eps_pred": -np.sqrt(now) * x0_bar}

    return of_x0 * x0 + of_xt * xt + sigma * noise, pullback


@rewrite("ancestral_step")
def with_products_of_alphas(
    xt: Any, eps_pred: Any, noise: Any, beta: Any, alpha_prod_prev: Any, *, variance: str
) -> Any:
    """As `through_the_predicted_data`, with 1 − ᾱ_t by subtraction: what most samplers have; it loses digits."""
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    product = (1 - beta) * before
    of_x0 = np.sqrt(before) * beta / (1 - product)
    of_xt = np.sqrt(1 - beta) * (1 - before) / (1 - product)
    own, other = np.sqrt(1 / product), np.sqrt(1 / product - 1)
    sigma = np.sqrt((1 - before) / (1 - product) * beta if variance == "posterior" else beta)

    def pullback(bar: Any) -> dict[str, Any]:
        return {"xt": of_x0 * own * bar + of_xt * bar, "eps_pred": -of_x0 * other * bar}

    return of_x0 * (own * xt - other * eps_pred) + of_xt * xt + sigma * noise, pullback


@rewrite("ancestral_step")
def with_the_score(xt: Any, eps_pred: Any, noise: Any, beta: Any, alpha_prod_prev: Any, *, variance: str) -> Any:
    """(x_t + β s) / √α with the score s = −ε / √(1 − ᾱ)."""
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    now = (1 - before) + beta * before
    score = -eps_pred / np.sqrt(now)
    sigma = np.sqrt(beta) if variance == "beta" else np.sqrt(beta) * np.sqrt((1 - before) / now)

    def pullback(bar: Any) -> dict[str, Any]:
        xt_bar = (1 - beta) ** -0.5 * bar
        return {"xt": xt_bar, "eps_pred": -(beta * xt_bar) / np.sqrt(now)}

    return (xt + beta * score) / np.sqrt(1 - beta) + sigma * noise, pullback


@rewrite("ddim_step")
def data_and_direction(xt: Any, eps_pred: Any, noise: Any, beta: Any, alpha_prod_prev: Any, eta: Any) -> Any:
    """√ᾱ_s x₀ + √(1 − ᾱ_s − σ²) ε + σ z, term by term as the paper has it."""
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    product = (1 - beta) * before
    posterior = np.sqrt((1 - before) / (1 - product) * (1 - product / before))
    sigma, length = eta * posterior, np.sqrt(1 - before - (eta * posterior) ** 2)
    x0 = (xt - np.sqrt(1 - product) * eps_pred) / np.sqrt(product)

    def pullback(bar: Any) -> dict[str, Any]:
        x0_bar = np.sqrt(before) * bar
        length_bar = np.sum(bar * eps_pred * (-sigma / length * posterior))
        return {
            "xt": x0_bar / np.sqrt(product),
            "eps_pred": length * bar - np.sqrt(1 - product) / np.sqrt(product) * x0_bar,
            "eta": length_bar + np.sum(bar * noise * posterior),
        }

    return np.sqrt(before) * x0 + length * eps_pred + sigma * noise, pullback


@rewrite("strided_schedule")
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
