"""Mistakes in the score from ε and ε from the score."""

from typing import Any

from refdgm.diffusion.score_from_eps import eps_from_score, score_from_eps
from refdgm.evidence.declare import mistake
from refdgm.evidence.diffusion.weighted_sum import mixture, times, without
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, inner

# score_from_eps


@mistake(score_from_eps)
def score_points_away(eps: Array, alpha_prod: Array) -> Any:
    """+ε / √(1 − ᾱ): the score points away from the data."""
    return mixture({"eps": (eps, (1, 0, -1))}, alpha_prod)


@mistake(score_from_eps)
def score_divided_by_variance(eps: Array, alpha_prod: Array) -> Any:
    """−ε / (1 − ᾱ): the variance of the noise for its deviation."""
    return mixture({"eps": (eps, (-1, 0, -2))}, alpha_prod)


@mistake(score_from_eps)
def score_multiplied(eps: Array, alpha_prod: Array) -> Any:
    """−√(1 − ᾱ) ε: multiplied where it must be divided."""
    return mixture({"eps": (eps, (-1, 0, 1))}, alpha_prod)


@mistake(score_from_eps)
def score_by_the_signal(eps: Array, alpha_prod: Array) -> Any:
    """−ε / √ᾱ: divided by the wrong root."""
    return mixture({"eps": (eps, (-1, -1, 0))}, alpha_prod)


@mistake(score_from_eps, "gradient.eps")
def score_prediction_detached(eps: Array, alpha_prod: Array) -> Any:
    """The prediction receives no gradient."""
    return without(score_from_eps.body(eps, alpha_prod), "eps")


@mistake(score_from_eps, "gradient.alpha_prod")
def score_schedule_detached(eps: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(score_from_eps.body(eps, alpha_prod), "alpha_prod")


@mistake(score_from_eps, "gradient.alpha_prod")
def score_schedule_sign(eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ with the opposite sign: the derivative with respect to 1 − ᾱ."""
    return times(score_from_eps.body(eps, alpha_prod), "alpha_prod", -1.0)


# eps_from_score


@mistake(eps_from_score)
def sign_forgotten(score: Array, alpha_prod: Array) -> Any:
    """+√(1 − ᾱ) s: the sign lost."""
    return mixture({"score": (score, (1, 0, 1))}, alpha_prod)


@mistake(eps_from_score)
def times_the_variance(score: Array, alpha_prod: Array) -> Any:
    """−(1 − ᾱ) s: the variance of the noise for its deviation."""
    return mixture({"score": (score, (-1, 0, 2))}, alpha_prod)


@mistake(eps_from_score)
def divided_by_deviation(score: Array, alpha_prod: Array) -> Any:
    """−s / √(1 − ᾱ): divided where it must be multiplied."""
    return mixture({"score": (score, (-1, 0, -1))}, alpha_prod)


@mistake(eps_from_score)
def times_the_signal(score: Array, alpha_prod: Array) -> Any:
    """−√ᾱ s: the wrong root."""
    return mixture({"score": (score, (-1, 1, 0))}, alpha_prod)


@mistake(eps_from_score, "gradient.score")
def score_detached(score: Array, alpha_prod: Array) -> Any:
    """The prediction receives no gradient."""
    return without(eps_from_score.body(score, alpha_prod), "score")


@mistake(eps_from_score, "gradient.alpha_prod")
def deviation_detached(score: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(eps_from_score.body(score, alpha_prod), "alpha_prod")


@mistake(eps_from_score, "gradient.alpha_prod")
def deviation_schedule_sign(score: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ with the opposite sign: the derivative with respect to 1 − ᾱ."""
    return times(eps_from_score.body(score, alpha_prod), "alpha_prod", -1.0)


# --- planted by people who had not seen the cases, or after public code ---------------------------

# score_from_eps


@mistake(score_from_eps, blind=True)
def deviation_kept_from_zero(eps: Array, alpha_prod: Array) -> Any:
    """1 − ᾱ is not allowed below 10⁻³, where the first steps of the usual schedules have it."""
    xp = namespace(eps)
    variance = xp.maximum(1 - alpha_prod, 0 * alpha_prod + 1e-3)
    score = -eps / against(xp.sqrt(variance), eps)
    return score, lambda bar: {
        "eps": -bar / against(xp.sqrt(variance), eps),
        "alpha_prod": xp.where(1 - alpha_prod > 1e-3, inner(bar, score) / variance / 2, 0 * alpha_prod),
    }


@mistake(score_from_eps, "gradient.alpha_prod", blind=True)
def score_gradient_without_root(eps: Array, alpha_prod: Array) -> Any:
    """−⟨s_bar, ε⟩/(2 (1 − ᾱ)) for the cotangent of ᾱ: ε stands where s belongs, and a root is lost."""
    score, right = score_from_eps.body(eps, alpha_prod)
    return score, lambda bar: right(bar) | {"alpha_prod": -inner(bar, eps) / (1 - alpha_prod) / 2}


# eps_from_score


@mistake(eps_from_score, blind=True)
def deviation_in_single_precision(score: Array, alpha_prod: Array) -> Any:
    """√(1 − ᾱ) is taken from a table in float32."""
    xp = namespace(score)
    noise = xp.astype(xp.sqrt(1 - xp.astype(alpha_prod, xp.float32)), alpha_prod.dtype)
    return -against(noise, score) * score, lambda bar: {
        "score": -against(noise, score) * bar,
        "alpha_prod": inner(bar, score) / noise / 2,
    }


@mistake(eps_from_score, "gradient.score", blind=True)
def score_gradient_unsigned(score: Array, alpha_prod: Array) -> Any:
    """s_bar = √(1 − ᾱ) ε_bar: the sign is lost on the way back."""
    eps, right = eps_from_score.body(score, alpha_prod)
    return eps, lambda bar: (g := right(bar)) | {"score": -g["score"]}
