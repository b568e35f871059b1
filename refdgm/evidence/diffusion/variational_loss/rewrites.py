"""The terms L_{t−1} of the bound, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.variational_loss import variational_loss
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example, size


@rewrite(variational_loss)
def by_log_ratios(prediction: Any, eps: Any, beta: Any, alpha_prod_prev: Any, *, variance: str) -> Any:
    """The divergence with log β_tilde and log σ² apart, the weight from 1 − ᾱ_t as it is printed."""
    alpha, before = 1 - beta, alpha_prod_prev
    after = 1 - alpha * before
    posterior = beta * (1 - before) / after
    model = posterior if variance == "posterior" else beta
    residual = eps - prediction
    squares, count = per_example(residual * residual), size(eps)
    weight = beta * beta / (2 * model * alpha * after)
    value = weight * squares + count * (posterior / model - 1 - np.log(posterior) + np.log(model)) / 2

    def pullback(bar: Any) -> Any:
        own = 1 / beta - before / after, -1 / (1 - before) + alpha / after  # of log β_tilde
        of_model = own if variance == "posterior" else (1 / beta, 0 * beta)
        slopes = []
        for i, of_rest in enumerate((2 / beta + 1 / alpha - before / after, alpha / after)):
            spread = (posterior / model - 1) * (own[i] - of_model[i])
            slopes.append(bar * (weight * (of_rest - of_model[i]) * squares + count * spread / 2))
        return {"prediction": -every(2 * weight * bar, eps) * residual, "beta": slopes[0],
                "alpha_prod_prev": slopes[1]}

    return value, pullback


@rewrite(variational_loss)
def between_posterior_means(prediction: Any, eps: Any, beta: Any, alpha_prod_prev: Any, *, variance: str) -> Any:
    """The divergence of two posteriors with their means in full, at an x₀ on which it does not depend."""
    before, after = every(alpha_prod_prev, eps), every((1 - beta) * alpha_prod_prev, eps)
    step, x0 = every(beta, eps), 0.5 + 0 * eps
    xt = np.sqrt(after) * x0 + np.sqrt(1 - after) * eps
    predicted = np.sqrt(1 / after) * xt - np.sqrt(1 / after - 1) * prediction
    of_x0, of_xt = np.sqrt(before) * step / (1 - after), np.sqrt(1 - step) * (1 - before) / (1 - after)
    apart = (of_x0 * x0 + of_xt * xt) - (of_x0 * predicted + of_xt * xt)
    log_posterior = np.log((1 - before) / (1 - after) * step)
    log_model = log_posterior if variance == "posterior" else np.log(step)
    each = -1 + log_model - log_posterior + np.exp(log_posterior - log_model) + apart**2 * np.exp(-log_model)
    return per_example(each) / 2, by_log_ratios.body(prediction, eps, beta, alpha_prod_prev, variance=variance)[1]
