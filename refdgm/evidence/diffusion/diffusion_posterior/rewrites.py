"""The posterior of a step back, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.diffusion_posterior import diffusion_posterior
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example


@rewrite(diffusion_posterior)
def by_precisions(xt: Any, x0: Any, beta: Any, alpha_prod_prev: Any) -> Any:
    """Two Gaussians multiplied: precisions 1/(1 − ᾱ_{t−1}) and α/β, and their derivatives by the chain rule."""
    alpha, before = 1 - beta, alpha_prod_prev
    own, step = 1 / (1 - before), alpha / beta  # precisions
    variance = 1 / (own + step)
    data, state = own * np.sqrt(before), np.sqrt(alpha) / beta
    mean = every(variance * data, x0) * x0 + every(variance * state, xt) * xt

    def pullback(mean_bar: Any, variance_bar: Any) -> Any:
        of_data, of_state = per_example(mean_bar * x0), per_example(mean_bar * xt)
        total = variance_bar + of_data * data + of_state * state  # what moves with the variance
        step_beta = -1 / beta - alpha / beta**2
        state_beta = -1 / (2 * np.sqrt(alpha) * beta) - np.sqrt(alpha) / beta**2
        data_before = own**2 * np.sqrt(before) + own / (2 * np.sqrt(before))
        return {
            "xt": every(variance * state, xt) * mean_bar,
            "x0": every(variance * data, x0) * mean_bar,
            "beta": -total * variance**2 * step_beta + of_state * variance * state_beta,
            "alpha_prod_prev": -total * variance**2 * own**2 + of_data * variance * data_before,
        }

    return (mean, variance), pullback
