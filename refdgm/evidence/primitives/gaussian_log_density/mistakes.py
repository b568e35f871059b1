"""Mistakes in the log-density of a diagonal Gaussian."""

from math import log
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.primitives.gaussian_log_density import gaussian_log_density


def half_log_two_pi(x: Array) -> Array:
    """½ log 2π for every example."""
    xp = namespace(x)
    return xp.log(2 * xp.pi * xp.ones_like(x[:, 0])) / 2


def with_weight(kappa: float, x: Array, mean: Array, logvar: Array) -> Any:
    """−½ Σ ((x − μ)² e^{−κλ} + λ) − D/2 · log 2π, which is right for κ = 1, rightly differentiated."""
    xp = namespace(x)
    apart, weight = x - mean, xp.exp(-kappa * logvar)
    value = -xp.sum(apart * apart * weight + logvar, axis=-1) / 2 - x.shape[1] * half_log_two_pi(x)

    def pullback(bar: Array) -> dict[str, Array]:
        away = bar[:, None] * apart * weight
        return {"x": -away, "mean": away, "logvar": bar[:, None] * (kappa * apart * apart * weight - 1) / 2}

    return value, pullback


# Wrong equations, rightly differentiated


@mistake(gaussian_log_density)
def averaged_over_dimensions(x: Array, mean: Array, logvar: Array) -> Any:
    """A mean over D where the sum belongs."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value / x.shape[1], lambda bar: right(bar / x.shape[1])


@mistake(gaussian_log_density)
def all_examples_added(x: Array, mean: Array, logvar: Array) -> Any:
    """A sum without its axis: every example gets the density of the batch; right for a batch of one."""
    xp = namespace(x)
    value, right = gaussian_log_density.body(x, mean, logvar)
    everyone = xp.ones_like(value)
    return everyone * xp.sum(value), lambda bar: right(everyone * xp.sum(bar))


@mistake(gaussian_log_density)
def divided_by_deviation(x: Array, mean: Array, logvar: Array) -> Any:
    """(x − μ)² is divided by σ, not by σ²; right at unit variance, but for λ_bar."""
    return with_weight(0.5, x, mean, logvar)


@mistake(gaussian_log_density)
def multiplied_by_variance(x: Array, mean: Array, logvar: Array) -> Any:
    """(x − μ)² e^λ: the variance taken for the precision, with the right normaliser."""
    return with_weight(-1.0, x, mean, logvar)


@mistake(gaussian_log_density)
def distance_not_halved(x: Array, mean: Array, logvar: Array) -> Any:
    """−Σ (x − μ)²/σ²: the ½ reaches the normaliser alone."""
    xp = namespace(x)
    value, right = gaussian_log_density.body(x, mean, logvar)
    square = (x - mean) * (x - mean) * xp.exp(-logvar)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return {"x": 2 * g["x"], "mean": 2 * g["mean"], "logvar": g["logvar"] + bar[:, None] * square / 2}

    return value - xp.sum(square, axis=-1) / 2, pullback


@mistake(gaussian_log_density, "value", "gradient.logvar")
def normaliser_sign(x: Array, mean: Array, logvar: Array) -> Any:
    """+λ/2 for −λ/2: the larger the variance, the likelier."""
    xp = namespace(x)
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value + xp.sum(logvar, axis=-1), lambda bar: (g := right(bar)) | {"logvar": g["logvar"] + bar[:, None]}


@mistake(gaussian_log_density, "value", "gradient.logvar")
def normaliser_of_variance(x: Array, mean: Array, logvar: Array) -> Any:
    """−λ for −λ/2: log σ² where log σ belongs."""
    xp = namespace(x)
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value - xp.sum(logvar, axis=-1) / 2, lambda bar: (g := right(bar)) | {
        "logvar": g["logvar"] - bar[:, None] / 2
    }


@mistake(gaussian_log_density, "value", "gradient.logvar")
def square_of_the_logarithm(x: Array, mean: Array, logvar: Array) -> Any:
    """(log σ)² for log σ², which is 2 log σ: the normaliser has λ²/4 for λ."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    excess = logvar * logvar / 4 - logvar
    return value - namespace(x).sum(excess, axis=-1) / 2, lambda bar: (g := right(bar)) | {
        "logvar": g["logvar"] - bar[:, None] * (logvar / 2 - 1) / 2
    }


@mistake(gaussian_log_density, "value", "gradient.logvar")
def normaliser_dropped(x: Array, mean: Array, logvar: Array) -> Any:
    """−(x − μ)²/2σ² alone: a weighted square, which an infinite variance minimises."""
    xp = namespace(x)
    value, right = gaussian_log_density.body(x, mean, logvar)
    rest = xp.sum(logvar, axis=-1) / 2 + x.shape[1] * half_log_two_pi(x)
    return value + rest, lambda bar: (g := right(bar)) | {"logvar": g["logvar"] + bar[:, None] / 2}


# The value alone


@mistake(gaussian_log_density, "value")
def constant_dropped(x: Array, mean: Array, logvar: Array) -> Any:
    """No −D/2 · log 2π: every gradient is right, and likelihoods of other dimensions do not compare."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value + x.shape[1] * half_log_two_pi(x), right


@mistake(gaussian_log_density, "value")
def constant_counted_once(x: Array, mean: Array, logvar: Array) -> Any:
    """−½ log 2π for all dimensions together; right for D = 1."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value + (x.shape[1] - 1) * half_log_two_pi(x), right


# The value is right, a gradient is not


@mistake(gaussian_log_density, "gradient.x")
def score_sign(x: Array, mean: Array, logvar: Array) -> Any:
    """x_bar = μ_bar: away from the mean."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value, lambda bar: (g := right(bar)) | {"x": -g["x"]}


@mistake(gaussian_log_density, "gradient.x")
def sample_detached(x: Array, mean: Array, logvar: Array) -> Any:
    """x_bar = 0: a reparametrised x is taken for data."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value, lambda bar: (g := right(bar)) | {"x": 0 * g["x"]}


@mistake(gaussian_log_density, "gradient.mean")
def mean_gradient_without_variance(x: Array, mean: Array, logvar: Array) -> Any:
    """μ_bar = J_bar (x − μ): not divided by σ²; right at unit variance."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value, lambda bar: right(bar) | {"mean": bar[:, None] * (x - mean)}


@mistake(gaussian_log_density, "gradient.x", "gradient.mean")
def slopes_by_deviation(x: Array, mean: Array, logvar: Array) -> Any:
    """J_bar (x − μ)/σ for (x − μ)/σ²: one factor of the inner derivative is missing."""
    xp = namespace(x)
    value, right = gaussian_log_density.body(x, mean, logvar)
    sigma = xp.exp(logvar / 2)
    return value, lambda bar: (g := right(bar)) | {"x": g["x"] * sigma, "mean": g["mean"] * sigma}


@mistake(gaussian_log_density, "gradient.logvar")
def variance_gradient_without_one(x: Array, mean: Array, logvar: Array) -> Any:
    """λ_bar = J_bar r²/2: the normaliser's derivative is dropped."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value, lambda bar: (g := right(bar)) | {"logvar": g["logvar"] + bar[:, None] / 2}


@mistake(gaussian_log_density, "gradient.logvar")
def variance_gradient_of_deviation(x: Array, mean: Array, logvar: Array) -> Any:
    """λ_bar = J_bar (r² − 1): the derivative with respect to log σ."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value, lambda bar: (g := right(bar)) | {"logvar": 2 * g["logvar"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(gaussian_log_density, blind=True)
def variance_at_least_a_millionth(x: Array, mean: Array, logvar: Array) -> Any:
    """The variance is clamped from below at 10⁻⁶, and the gradient taken there is passed through the clamp."""
    return gaussian_log_density.body(x, mean, namespace(x).maximum(logvar, log(1e-6)))


@mistake(gaussian_log_density, "value", blind=True)
def constant_by_the_batch(x: Array, mean: Array, logvar: Array) -> Any:
    """−B/2 · log 2π for −D/2 · log 2π: the wrong axis is counted, which shows only where B is not D."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value + (x.shape[1] - x.shape[0]) * half_log_two_pi(x), right


@mistake(gaussian_log_density, "gradient.logvar", blind=True)
def variance_gradient_with_raw_distance(x: Array, mean: Array, logvar: Array) -> Any:
    """λ_bar = J_bar ((x − μ)² − 1)/2: the square is not divided by σ²; right at unit variance."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value, lambda bar: right(bar) | {"logvar": bar[:, None] * ((x - mean) ** 2 - 1) / 2}
