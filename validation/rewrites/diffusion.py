"""Guidance."""

from typing import Any

import numpy as np

from .rewrite import rewrite


@rewrite("classifier_free_guidance")
def as_a_weighted_sum(eps_cond: Any, eps_uncond: Any, gamma: Any) -> Any:
    """γ ε_c + (1 − γ) ε_u."""
    return gamma * eps_cond + (1 - gamma) * eps_uncond, lambda bar: {
        "eps_cond": bar * gamma,
        "eps_uncond": bar - gamma * bar,
        "gamma": np.sum(bar * eps_cond) - np.sum(bar * eps_uncond),
    }


@rewrite("classifier_free_guidance")
def in_the_other_scale(eps_cond: Any, eps_uncond: Any, gamma: Any) -> Any:
    """(1 + w) ε_c − w ε_u with w = γ − 1."""
    w = gamma - 1
    return (1 + w) * eps_cond - w * eps_uncond, lambda bar: {
        "eps_cond": (1 + w) * bar,
        "eps_uncond": -w * bar,
        "gamma": np.vdot(bar, eps_cond - eps_uncond),
    }


@rewrite("classifier_guidance")
def in_scores(eps_pred: Any, log_prob_grad: Any, alpha_prod: Any, gamma: Any) -> Any:
    """−σ (s + γ g) with the score s = −ε/σ."""
    sigma = np.sqrt(1 - alpha_prod).reshape(alpha_prod.shape + (1,) * (eps_pred.ndim - 1))
    score = -eps_pred / sigma + gamma * log_prob_grad
    axes = tuple(range(1, eps_pred.ndim))

    def pullback(bar: Any) -> dict[str, Any]:
        score_bar = -sigma * bar
        return {
            "eps_pred": -score_bar / sigma,
            "log_prob_grad": gamma * score_bar,
            "alpha_prod": np.sum(bar * gamma * log_prob_grad / (2 * sigma), axis=axes),
            "gamma": np.vdot(score_bar, log_prob_grad),
        }

    return -sigma * score, pullback


@rewrite("guidance_rescale")
def with_the_unbiased_deviation(guided: Any, cond: Any, phi: Any) -> Any:
    """Standard deviations over n − 1; the mixture term by term."""
    axes = tuple(range(1, guided.ndim))
    n = guided[0].size
    mean = lambda x: np.mean(x, axis=axes, keepdims=True)
    per = np.sqrt(n / (n - 1))
    std = lambda x: per * np.sqrt(np.mean((x - mean(x)) ** 2, axis=axes, keepdims=True))
    of_guided, of_cond = std(guided), std(cond)
    rescaled = guided / of_guided * of_cond

    def pullback(bar: Any) -> dict[str, Any]:
        of_cond_bar = np.sum(phi * bar * guided / of_guided, axis=axes, keepdims=True)
        of_guided_bar = -of_cond_bar * of_cond / of_guided
        slope = lambda x, s: (x - mean(x)) / ((n - 1) * s)
        return {
            "guided": phi * bar * of_cond / of_guided + (1 - phi) * bar + of_guided_bar * slope(guided, of_guided),
            "cond": of_cond_bar * slope(cond, of_cond),
            "phi": np.vdot(bar, rescaled - guided),
        }

    return phi * rescaled + (1 - phi) * guided, pullback
