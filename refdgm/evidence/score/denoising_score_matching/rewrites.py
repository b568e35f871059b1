"""Denoising score matching, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.score.examples import flat
from refdgm.score.denoising_score_matching import denoising_score_matching, noise_conditional_score_matching


@rewrite(denoising_score_matching)
def over_one_denominator(score: Any, eps: Any, sigma: Any) -> Any:
    """½ ‖(σ s + ε)/σ‖²."""
    s, e, level = flat(score), flat(eps), sigma[:, None]
    r = (level * s + e) / level

    def pullback(bar: Any) -> dict[str, Any]:
        level_bar = np.sum(bar[:, None] * r * (s / level - r / level), axis=1)
        return {"score": (bar[:, None] * r).reshape(score.shape), "sigma": level_bar}

    return np.sum(r**2, axis=1) / 2, pullback


@rewrite(denoising_score_matching)
def three_terms(score: Any, eps: Any, sigma: Any) -> Any:
    """½ ‖s‖² + ⟨s, ε⟩/σ + ½ ‖ε‖²/σ², in the precision 1/σ."""
    s, e, precision = flat(score), flat(eps), 1 / sigma
    inner, square = np.sum(s * e, axis=1), np.sum(e**2, axis=1)
    loss = np.sum(s**2, axis=1) / 2 + precision * inner + precision**2 * square / 2

    def pullback(bar: Any) -> dict[str, Any]:
        score_bar = (bar[:, None] * (s + precision[:, None] * e)).reshape(score.shape)
        return {"score": score_bar, "sigma": -bar * (inner + precision * square) * precision**2}

    return loss, pullback


@rewrite(noise_conditional_score_matching)
def weight_times_denoising(score: Any, eps: Any, sigma: Any) -> Any:
    """σ² times the unweighted objective, by the product rule."""
    loss, right = denoising_score_matching.body(score, eps, sigma)

    def pullback(bar: Any) -> dict[str, Any]:
        g = right(sigma**2 * bar)
        return {"score": g["score"], "sigma": g["sigma"] + 2 * sigma * bar * loss}

    return sigma**2 * loss, pullback


@rewrite(noise_conditional_score_matching)
def as_noise_prediction(score: Any, eps: Any, sigma: Any) -> Any:
    """½ ‖ε − ε_hat‖² with ε_hat = −σ s."""
    s, e = flat(score), flat(eps)
    apart = e - -sigma[:, None] * s

    def pullback(bar: Any) -> dict[str, Any]:
        prediction_bar = -bar[:, None] * apart
        return {
            "score": (-sigma[:, None] * prediction_bar).reshape(score.shape),
            "sigma": -np.sum(prediction_bar * s, axis=1),
        }

    return np.sum(apart**2, axis=1) / 2, pullback
