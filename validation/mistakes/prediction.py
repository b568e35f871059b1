"""Mistakes in the forward process, in the conversions between what networks predict, and in the score."""

from typing import Any

from refdgm.diffusion.forward_marginal import forward_marginal
from refdgm.diffusion.score_from_eps import eps_from_score, score_from_eps
from refdgm.diffusion.v_from_x0_eps import eps_from_v, v_from_x0_eps, x0_from_v
from refdgm.diffusion.x0_from_eps import eps_from_x0, x0_from_eps
from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.weighted_sum import mixture, times, without
from refdgm.namespace import Array

# forward_marginal


@mistake(forward_marginal)
def marginal_without_roots(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """ᾱ x₀ + (1 − ᾱ) ε: variances taken for deviations."""
    return mixture({"x0": (x0, (1, 2, 0)), "eps": (eps, (1, 0, 2))}, alpha_prod)


@mistake(forward_marginal, "value", "gradient.alpha_prod")
def marginal_noise_without_root(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """√ᾱ x₀ + (1 − ᾱ) ε: the noise keeps its variance for its deviation."""
    return mixture({"x0": (x0, (1, 1, 0)), "eps": (eps, (1, 0, 2))}, alpha_prod)


@mistake(forward_marginal)
def marginal_parts_exchanged(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """√(1 − ᾱ) x₀ + √ᾱ ε: the schedule counts noise where it counts signal."""
    return mixture({"x0": (x0, (1, 0, 1)), "eps": (eps, (1, 1, 0))}, alpha_prod)


@mistake(forward_marginal, "value", "gradient.x0", "gradient.alpha_prod")
def marginal_signal_kept(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """x₀ + √(1 − ᾱ) ε: the signal is not scaled down, as in a variance-exploding process."""
    return mixture({"x0": (x0, (1, 0, 0)), "eps": (eps, (1, 0, 1))}, alpha_prod)


@mistake(forward_marginal)
def schedule_over_components(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """A (B,) schedule broadcast over the last axis: it only runs, wrongly, where that axis is as long as the batch."""
    if x0.ndim != 2 or x0.shape[0] != x0.shape[1]:
        return forward_marginal.body(x0, eps, alpha_prod)
    xt, right = forward_marginal.body(x0.T, eps.T, alpha_prod)
    return xt.T, lambda bar: (g := right(bar.T)) | {"x0": g["x0"].T}


@mistake(forward_marginal, "gradient.alpha_prod")
def marginal_schedule_detached(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(forward_marginal.body(x0, eps, alpha_prod), "alpha_prod")


@mistake(forward_marginal, "gradient.x0")
def marginal_data_detached(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The data receive no gradient."""
    return without(forward_marginal.body(x0, eps, alpha_prod), "x0")


@mistake(forward_marginal, "gradient.alpha_prod")
def marginal_deviation_differentiated(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ twice too large: the ½ of the root's derivative is forgotten."""
    return times(forward_marginal.body(x0, eps, alpha_prod), "alpha_prod", 2.0)


# x0_from_eps


@mistake(x0_from_eps, "value", "gradient.eps", "gradient.alpha_prod")
def noise_added(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """(x_t + √(1 − ᾱ) ε) / √ᾱ: the noise is added once more."""
    return mixture({"xt": (xt, (1, -1, 0)), "eps": (eps, (1, -1, 1))}, alpha_prod)


@mistake(x0_from_eps, "value", "gradient.eps", "gradient.alpha_prod")
def noise_variance_for_deviation(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """(x_t − (1 − ᾱ) ε) / √ᾱ: the variance of the noise for its deviation."""
    return mixture({"xt": (xt, (1, -1, 0)), "eps": (eps, (-1, -1, 2))}, alpha_prod)


@mistake(x0_from_eps)
def signal_variance_for_deviation(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """(x_t − √(1 − ᾱ) ε) / ᾱ: the root of ᾱ forgotten."""
    return mixture({"xt": (xt, (1, -2, 0)), "eps": (eps, (-1, -2, 1))}, alpha_prod)


@mistake(x0_from_eps, "value", "gradient.eps", "gradient.alpha_prod")
def only_the_state_divided(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """x_t / √ᾱ − √(1 − ᾱ) ε: a bracket lost."""
    return mixture({"xt": (xt, (1, -1, 0)), "eps": (eps, (-1, 0, 1))}, alpha_prod)


@mistake(x0_from_eps)
def not_divided(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """x_t − √(1 − ᾱ) ε: the noise is removed, the signal stays scaled down."""
    return mixture({"xt": (xt, (1, 0, 0)), "eps": (eps, (-1, 0, 1))}, alpha_prod)


@mistake(x0_from_eps, "gradient.eps")
def prediction_detached(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """The prediction receives no gradient."""
    return without(x0_from_eps.body(xt, eps, alpha_prod), "eps")


@mistake(x0_from_eps, "gradient.xt")
def state_detached(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """x_t is held, though it carries the data."""
    return without(x0_from_eps.body(xt, eps, alpha_prod), "xt")


@mistake(x0_from_eps, "gradient.alpha_prod")
def data_schedule_detached(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(x0_from_eps.body(xt, eps, alpha_prod), "alpha_prod")


@mistake(x0_from_eps, "gradient.alpha_prod")
def recovered_schedule_sign(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ with the opposite sign: the derivative with respect to 1 − ᾱ."""
    return times(x0_from_eps.body(xt, eps, alpha_prod), "alpha_prod", -1.0)


# eps_from_x0


@mistake(eps_from_x0, "value", "gradient.x0", "gradient.alpha_prod")
def data_added(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """(x_t + √ᾱ x₀) / √(1 − ᾱ): the data are added once more."""
    return mixture({"xt": (xt, (1, 0, -1)), "x0": (x0, (1, 1, -1))}, alpha_prod)


@mistake(eps_from_x0)
def divided_by_variance(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """(x_t − √ᾱ x₀) / (1 − ᾱ): the variance of the noise for its deviation."""
    return mixture({"xt": (xt, (1, 0, -2)), "x0": (x0, (-1, 1, -2))}, alpha_prod)


@mistake(eps_from_x0, "value", "gradient.x0", "gradient.alpha_prod")
def data_not_scaled(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """(x_t − x₀) / √(1 − ᾱ): x₀ without √ᾱ."""
    return mixture({"xt": (xt, (1, 0, -1)), "x0": (x0, (-1, 0, -1))}, alpha_prod)


@mistake(eps_from_x0)
def divided_by_the_signal(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """(x_t − √ᾱ x₀) / √ᾱ: divided by the wrong root."""
    return mixture({"xt": (xt, (1, -1, 0)), "x0": (x0, (-1, 0, 0))}, alpha_prod)


@mistake(eps_from_x0)
def residual_not_divided(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """x_t − √ᾱ x₀: the noise at its own scale, not of unit variance."""
    return mixture({"xt": (xt, (1, 0, 0)), "x0": (x0, (-1, 1, 0))}, alpha_prod)


@mistake(eps_from_x0, seen="huggingface/diffusers #2094; LaurentMazare/diffusers-rs #57")
def prediction_returned(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """x₀ itself, used as if it were the noise."""
    return mixture({"xt": (xt, (0, 0, 0)), "x0": (x0, (1, 0, 0))}, alpha_prod)


@mistake(eps_from_x0, "gradient.x0")
def data_detached(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """The prediction receives no gradient."""
    return without(eps_from_x0.body(xt, x0, alpha_prod), "x0")


@mistake(eps_from_x0, "gradient.xt")
def noised_data_held(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """x_t is held, though it carries the data."""
    return without(eps_from_x0.body(xt, x0, alpha_prod), "xt")


@mistake(eps_from_x0, "gradient.alpha_prod")
def residual_schedule_detached(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(eps_from_x0.body(xt, x0, alpha_prod), "alpha_prod")


@mistake(eps_from_x0, "gradient.alpha_prod")
def residual_schedule_sign(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ with the opposite sign: the derivative with respect to 1 − ᾱ."""
    return times(eps_from_x0.body(xt, x0, alpha_prod), "alpha_prod", -1.0)


# v_from_x0_eps


@mistake(v_from_x0_eps)
def velocity_reversed(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """√ᾱ x₀ − √(1 − ᾱ) ε: the two parts exchanged."""
    return mixture({"x0": (x0, (1, 1, 0)), "eps": (eps, (-1, 0, 1))}, alpha_prod)


@mistake(v_from_x0_eps, "value", "gradient.x0", "gradient.alpha_prod")
def velocity_with_plus(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """√ᾱ ε + √(1 − ᾱ) x₀: the sign lost."""
    return mixture({"x0": (x0, (1, 0, 1)), "eps": (eps, (1, 1, 0))}, alpha_prod)


@mistake(v_from_x0_eps)
def velocity_without_roots(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """ᾱ ε − (1 − ᾱ) x₀: variances taken for deviations."""
    return mixture({"x0": (x0, (-1, 0, 2)), "eps": (eps, (1, 2, 0))}, alpha_prod)


@mistake(v_from_x0_eps)
def velocity_of_a_straight_path(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """ε − x₀: the velocity of flow matching, along a straight path."""
    return mixture({"x0": (x0, (-1, 0, 0)), "eps": (eps, (1, 0, 0))}, alpha_prod)


@mistake(v_from_x0_eps, "gradient.eps")
def velocity_noise_detached(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The noise receives no gradient."""
    return without(v_from_x0_eps.body(x0, eps, alpha_prod), "eps")


@mistake(v_from_x0_eps, "gradient.x0")
def velocity_data_detached(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The data receive no gradient."""
    return without(v_from_x0_eps.body(x0, eps, alpha_prod), "x0")


@mistake(v_from_x0_eps, "gradient.alpha_prod")
def velocity_schedule_detached(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(v_from_x0_eps.body(x0, eps, alpha_prod), "alpha_prod")


@mistake(v_from_x0_eps, "gradient.alpha_prod")
def velocity_schedule_sign(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ with the opposite sign: the derivative with respect to 1 − ᾱ."""
    return times(v_from_x0_eps.body(x0, eps, alpha_prod), "alpha_prod", -1.0)


# x0_from_v


@mistake(x0_from_v, "value", "gradient.v", "gradient.alpha_prod")
def velocity_added(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """√ᾱ x_t + √(1 − ᾱ) v: the sign lost."""
    return mixture({"xt": (xt, (1, 1, 0)), "v": (v, (1, 0, 1))}, alpha_prod)


@mistake(x0_from_v)
def coefficients_exchanged(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """√(1 − ᾱ) x_t − √ᾱ v: the two roots exchanged."""
    return mixture({"xt": (xt, (1, 0, 1)), "v": (v, (-1, 1, 0))}, alpha_prod)


@mistake(x0_from_v)
def velocity_taken_for_noise(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """(x_t − √(1 − ᾱ) v) / √ᾱ: the formula of a noise prediction."""
    return mixture({"xt": (xt, (1, -1, 0)), "v": (v, (-1, -1, 1))}, alpha_prod)


@mistake(x0_from_v)
def coefficients_without_roots(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """ᾱ x_t − (1 − ᾱ) v: variances taken for deviations."""
    return mixture({"xt": (xt, (1, 2, 0)), "v": (v, (-1, 0, 2))}, alpha_prod)


@mistake(x0_from_v, "gradient.v")
def velocity_detached(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The prediction receives no gradient."""
    return without(x0_from_v.body(xt, v, alpha_prod), "v")


@mistake(x0_from_v, "gradient.xt")
def rotated_state_held(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """x_t is held, though it carries the data."""
    return without(x0_from_v.body(xt, v, alpha_prod), "xt")


@mistake(x0_from_v, "gradient.alpha_prod")
def rotation_detached(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(x0_from_v.body(xt, v, alpha_prod), "alpha_prod")


@mistake(x0_from_v, "gradient.alpha_prod")
def rotation_differentiated_as_a_root(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ twice too large: the ½ of the root's derivative is forgotten."""
    return times(x0_from_v.body(xt, v, alpha_prod), "alpha_prod", 2.0)


# eps_from_v


@mistake(eps_from_v, "value", "gradient.v", "gradient.alpha_prod")
def velocity_subtracted(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """√(1 − ᾱ) x_t − √ᾱ v: the sign of the other conversion."""
    return mixture({"xt": (xt, (1, 0, 1)), "v": (v, (-1, 1, 0))}, alpha_prod)


@mistake(eps_from_v)
def weights_exchanged(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """√ᾱ x_t + √(1 − ᾱ) v: the two roots exchanged."""
    return mixture({"xt": (xt, (1, 1, 0)), "v": (v, (1, 0, 1))}, alpha_prod)


@mistake(eps_from_v, seen="huggingface/diffusers #14816")
def velocity_returned(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """v itself, used as if it were the noise."""
    return mixture({"xt": (xt, (0, 0, 0)), "v": (v, (1, 0, 0))}, alpha_prod)


@mistake(eps_from_v)
def weights_without_roots(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """(1 − ᾱ) x_t + ᾱ v: variances taken for deviations."""
    return mixture({"xt": (xt, (1, 0, 2)), "v": (v, (1, 2, 0))}, alpha_prod)


@mistake(eps_from_v, "gradient.v")
def network_detached(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The prediction receives no gradient."""
    return without(eps_from_v.body(xt, v, alpha_prod), "v")


@mistake(eps_from_v, "gradient.xt")
def turned_state_held(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """x_t is held, though it carries the data."""
    return without(eps_from_v.body(xt, v, alpha_prod), "xt")


@mistake(eps_from_v, "gradient.alpha_prod")
def turn_detached(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(eps_from_v.body(xt, v, alpha_prod), "alpha_prod")


@mistake(eps_from_v, "gradient.alpha_prod")
def turn_differentiated_as_a_root(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ twice too large: the ½ of the root's derivative is forgotten."""
    return times(eps_from_v.body(xt, v, alpha_prod), "alpha_prod", 2.0)


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
