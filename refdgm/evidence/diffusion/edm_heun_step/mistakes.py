"""Mistakes in Heun's step between noise levels."""

from typing import Any

from refdgm.diffusion.edm_heun_step import edm_heun_step
from refdgm.evidence.declare import mistake
from refdgm.evidence.diffusion.between_levels import (
    by_one_slope,
    first_kept,
    half_of_the_step,
    kept,
    over_the_old_level,
    second_kept,
    to_the_mean,
    weighed,
)
from refdgm.namespace import Array
from refdgm.numerics.components import against, dimension, inner

HEUN = edm_heun_step.body
LEVELS = ("gradient.sigma", "gradient.sigma_next")
FIRST, SECOND = "gradient.denoised", "gradient.denoised_next"


@mistake(edm_heun_step, seen="huggingface/diffusers #1512")
def second_slope_over_the_old_level(
    x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array
) -> Any:
    """(x_e − D′)/σ for (x_e − D′)/σ′."""
    return over_the_old_level(x, denoised, denoised_next, sigma, sigma_next)


@mistake(edm_heun_step, "value", "gradient.x", FIRST, *LEVELS)
def second_slope_at_the_old_point(
    x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array
) -> Any:
    """(x − D′)/σ′ for (x_e − D′)/σ′."""
    return weighed((x, denoised, denoised_next, sigma, sigma_next),
                   lambda q: (1 - (1 / q - q) / 2, (1 / (q * q) + 1) / 2), half_of_the_step, second_kept)


@mistake(edm_heun_step, "value", FIRST, SECOND, *LEVELS)
def predictions_averaged(x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array) -> Any:
    """Euler's step to the mean of D and D′: the mean of the slopes weighs D′ with 1/q. It has order two as well."""
    return to_the_mean(x, denoised, denoised_next, sigma, sigma_next)


@mistake(edm_heun_step, "value", FIRST, SECOND, *LEVELS)
def second_slope_alone(x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array) -> Any:
    """x + (σ′ − σ) d′: the second slope in place of the mean of both."""
    return weighed((x, denoised, denoised_next, sigma, sigma_next), kept,
                   lambda q: (2 - q - 1 / q, 1 / (q * q) - 1), lambda q: (1 / q - 1, -1 / (q * q)))


@mistake(edm_heun_step)
def step_the_other_way(x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array) -> Any:
    """x + (σ − σ′) (d + d′)/2: the sign of the step."""
    (value, right) = HEUN(x, denoised, denoised_next, sigma, sigma_next)
    return 2 * x - value, lambda bar: {name: 2 * bar - g if name == "x" else -g for name, g in right(bar).items()}


@mistake(edm_heun_step, FIRST)
def first_prediction_in_one_slope(
    x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array
) -> Any:
    """D_bar = p y_bar: what D gives to the second slope, through x_e and against D′, is forgotten."""
    value, right = HEUN(x, denoised, denoised_next, sigma, sigma_next)
    return value, lambda bar: right(bar) | {"denoised": against((sigma - sigma_next) / sigma, x) * bar}


@mistake(edm_heun_step, SECOND)
def second_prediction_by_the_step_alone(
    x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array
) -> Any:
    """The cotangent of D′ is p y_bar/2, without 1/q."""
    value, right = HEUN(x, denoised, denoised_next, sigma, sigma_next)
    return value, lambda bar: right(bar) | {"denoised_next": against((sigma - sigma_next) / sigma, x) * bar / 2}


@mistake(edm_heun_step, "gradient.sigma")
def old_level_by_the_first_slope(
    x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array
) -> Any:
    """σ_bar of Euler's step: what σ does in the weight of D′ is left out."""
    value, right = HEUN(x, denoised, denoised_next, sigma, sigma_next)
    return value, lambda bar: right(bar) | {"sigma": -(sigma_next / sigma) * inner(bar, x - denoised) / sigma}


@mistake(edm_heun_step, "gradient.sigma_next")
def new_level_by_the_first_slope(
    x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array
) -> Any:
    """The cotangent of σ′ of Euler's step: the 1/σ′ of the second slope is left out."""
    value, right = HEUN(x, denoised, denoised_next, sigma, sigma_next)
    return value, lambda bar: right(bar) | {"sigma_next": inner(bar, x - denoised) / sigma}


@mistake(edm_heun_step, "gradient.x")
def state_not_scaled(x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array) -> Any:
    """x_bar = y_bar: the state's part in both slopes is detached."""
    value, right = HEUN(x, denoised, denoised_next, sigma, sigma_next)
    return value, lambda bar: right(bar) | {"x": bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(edm_heun_step, "value", FIRST, SECOND, *LEVELS, seen="huggingface/diffusers #1481", blind=True)
def second_order_missing(x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array) -> Any:
    """Euler's step under the name of Heun's: D′ has no influence."""
    return by_one_slope(x, denoised, denoised_next, sigma, sigma_next)


@mistake(edm_heun_step, "value", "gradient.x", SECOND, seen="huggingface/diffusers #1336", blind=True)
def step_from_the_prediction(x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array) -> Any:
    """The mean slope is added to the network's last output, not to the state that the step has left."""
    value, right = HEUN(x, denoised, denoised_next, sigma, sigma_next)
    return value - x + denoised_next, lambda bar: (g := right(bar)) | {
        "x": g["x"] - bar, "denoised_next": g["denoised_next"] + bar}


@mistake(edm_heun_step, "value", "gradient.x", FIRST, *LEVELS, blind=True)
def step_from_the_euler_point(x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array) -> Any:
    """x_e + (σ′ − σ) (d + d′)/2: the state has been overwritten by Euler's step before the mean is taken."""
    return weighed((x, denoised, denoised_next, sigma, sigma_next), lambda q: (2 * q - 1, 2 + 0 * q),
                   lambda q: (first_kept(q)[0] + 1 - q, first_kept(q)[1] - 1), second_kept)


@mistake(edm_heun_step, *LEVELS, blind=True)
def levels_averaged_over_components(
    x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array
) -> Any:
    """The cotangents of the levels are means over the components, where sums belong."""
    value, right = HEUN(x, denoised, denoised_next, sigma, sigma_next)
    count = max(dimension(x), 1)
    return value, lambda bar: (g := right(bar)) | {
        "sigma": g["sigma"] / count, "sigma_next": g["sigma_next"] / count}
