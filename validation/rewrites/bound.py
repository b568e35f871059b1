"""The step back, the terms of the bound, schedules and weights, by other routes."""

from typing import Any

import numpy as np

from .marginal import every, per_example
from .rewrite import rewrite


def size(x: Any) -> int:
    return int(np.prod(x.shape[1:]))


@rewrite("diffusion_posterior")
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


@rewrite("variational_loss")
def by_log_ratios(prediction: Any, eps: Any, beta: Any, alpha_prod_prev: Any, *, variance: str) -> Any:
    """The divergence with log β̃ and log σ² apart, the weight from 1 − ᾱ_t as it is printed."""
    alpha, before = 1 - beta, alpha_prod_prev
    after = 1 - alpha * before
    posterior = beta * (1 - before) / after
    model = posterior if variance == "posterior" else beta
    residual = eps - prediction
    squares, count = per_example(residual * residual), size(eps)
    weight = beta * beta / (2 * model * alpha * after)
    value = weight * squares + count * (posterior / model - 1 - np.log(posterior) + np.log(model)) / 2

    def pullback(bar: Any) -> Any:
        own = 1 / beta - before / after, -1 / (1 - before) + alpha / after  # of log β̃
        of_model = own if variance == "posterior" else (1 / beta, 0 * beta)
        slopes = []
        for i, of_rest in enumerate((2 / beta + 1 / alpha - before / after, alpha / after)):
            spread = (posterior / model - 1) * (own[i] - of_model[i])
            slopes.append(bar * (weight * (of_rest - of_model[i]) * squares + count * spread / 2))
        return {"prediction": -every(2 * weight * bar, eps) * residual, "beta": slopes[0],
                "alpha_prod_prev": slopes[1]}

    return value, pullback


@rewrite("variational_loss")
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
    return per_example(each) / 2, by_log_ratios(prediction, eps, beta, alpha_prod_prev, variance=variance)[1]


@rewrite("reconstruction_loss")
def by_standard_deviations(prediction: Any, eps: Any, beta: Any) -> Any:
    """½ z² + log σ + ½ log 2π of every component."""
    ratio = 1 / np.sqrt(1 - beta)
    z = every(ratio, eps) * (eps - prediction)
    value = per_example(z * z / 2 + every(np.log(np.sqrt(beta)), z) + np.log(2 * np.pi) / 2)
    return value, lambda bar: {
        "prediction": -every(bar * ratio, z) * z,
        "beta": bar * (per_example(z * z) * ratio**2 + size(eps) / beta) / 2,
    }


@rewrite("prior_loss")
def by_moments(x0: Any, alpha_prod: Any) -> Any:
    """½ (μ² + σ² − 1 − log σ²) of every component, as it is printed."""
    mean, variance = every(np.sqrt(alpha_prod), x0) * x0, every(1 - alpha_prod, x0) + 0 * x0
    value = per_example(mean**2 + variance - 1 - np.log(variance)) / 2
    return value, lambda bar: {
        "x0": every(bar * np.sqrt(alpha_prod), x0) * mean,
        "alpha_prod": bar * per_example(x0 * x0 - 1 + 1 / variance) / 2,
    }


@rewrite("linear_schedule")
def by_equal_steps(beta_first: Any, beta_last: Any, *, steps: int) -> Any:
    """From the first, one step at a time."""
    each = (beta_last - beta_first) / max(steps - 1, 1)
    return np.stack([beta_first + t * each for t in range(steps)])


@rewrite("cosine_schedule")
def by_quotients(offset: Any, cap: Any, *, steps: int) -> Any:
    """1 − f(t)/f(t − 1), as it is printed."""
    f = np.cos((np.arange(steps + 1) / steps + offset) / (1 + offset) * np.pi / 2) ** 2
    return np.minimum(1 - f[1:] / f[:-1], cap)


@rewrite("alpha_products")
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


@rewrite("min_snr_weight")
def by_the_ratio_itself(alpha_prod: Any, gamma: Any, *, target: str) -> Any:
    """min(SNR, γ), divided."""
    snr = alpha_prod / (1 - alpha_prod)
    return np.minimum(snr, gamma) / {"eps": snr, "x0": 1.0, "v": snr + 1}[target]
