"""The score from ε and ε from the score, written otherwise."""

from typing import Any

from refdgm.diffusion.score_from_eps import eps_from_score, score_from_eps
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example


@rewrite(score_from_eps)
def score_by_a_power(eps: Any, alpha_prod: Any) -> Any:
    """−(1 − ᾱ)^(−½) ε."""
    weight = (1 - alpha_prod) ** -0.5
    return -every(weight, eps) * eps, lambda bar: {
        "eps": -every(weight, eps) * bar,
        "alpha_prod": -per_example(bar * eps) * weight**3 / 2,
    }


@rewrite(eps_from_score)
def noise_by_a_power(score: Any, alpha_prod: Any) -> Any:
    """−(1 − ᾱ)^½ s."""
    weight = (1 - alpha_prod) ** 0.5
    return -every(weight, score) * score, lambda bar: {
        "score": -every(weight, score) * bar,
        "alpha_prod": per_example(bar * score) / weight / 2,
    }
