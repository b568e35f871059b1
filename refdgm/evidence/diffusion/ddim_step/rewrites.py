"""The DDIM step, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.ddim_step import ddim_step
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import along


@rewrite(ddim_step)
def data_and_direction(xt: Any, eps_pred: Any, noise: Any, beta: Any, alpha_prod_prev: Any, eta: Any) -> Any:
    """√ᾱ_s x₀ + √(1 − ᾱ_s − σ²) ε + σ z, term by term as the paper has it."""
    beta, before = along(beta, xt), along(alpha_prod_prev, xt)
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
