"""Mistakes in the log-likelihood of levels. A loss, a mean over components, or bits are conventions and none."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension
from refdgm.numerics.halves import halves
from refdgm.primitives.discretized_logistic_log_likelihood import discretized_logistic_log_likelihood
from refdgm.primitives.softplus import softplus

BODY = discretized_logistic_log_likelihood.body


def summed(each: Array) -> Array:
    return namespace(each).sum(namespace(each).reshape(each, (each.shape[0], dimension(each))), axis=-1)


def binned(x: Array, mean: Array, log_scale: Array, half: float, below: Any, above: Any, least: float = 0.0) -> Any:
    """log(σ(a) − σ(b)) of bins of half this width, open below or above where it is told, at least `least`."""
    xp, rate = namespace(x), namespace(x).exp(-log_scale)
    a, b, w = (x - mean + half) * rate, (x - mean - half) * rate, 2 * half * rate
    log_p = -xp.where(above, 0.0, softplus.body(-a)[0]) - xp.where(below, 0.0, softplus.body(b)[0])
    log_p = log_p + xp.where(above | below, 0.0, xp.log(-xp.expm1(-w)))
    up, down = xp.where(above, 0.0, halves(a)[1]), xp.where(below, 0.0, halves(b)[0])
    wide = xp.where(above | below, 0.0, w / xp.expm1(w))
    learns = xp.astype((xp.exp(log_p) > least) | above | below, x.dtype)
    log_p = xp.where(learns > 0, log_p, xp.log(least + 0 * x)) if least else log_p

    def pullback(bar: Array) -> dict[str, Array]:
        each = against(bar, x) * learns
        x_bar = each * (up - down) * rate
        return {"x": x_bar, "mean": -x_bar, "log_scale": -each * (a * up - b * down + wide)}

    return summed(log_p), pullback


def ends(x: Array, levels: int) -> tuple[Array, Array]:
    return x < 1 / (levels - 1) - 1, x > 1 - 1 / (levels - 1)


# Wrong equations, rightly differentiated


@mistake(discretized_logistic_log_likelihood)
def no_bin_is_open(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """The first and the last bin end too: what the law has beyond −1 − δ and 1 + δ is lost."""
    return binned(x, mean, log_scale, 1 / (levels - 1), x > 2, x > 2)


@mistake(discretized_logistic_log_likelihood)
def last_bin_closed(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """Only the first bin is open."""
    return binned(x, mean, log_scale, 1 / (levels - 1), ends(x, levels)[0], x > 2)


@mistake(discretized_logistic_log_likelihood)
def ends_exchanged(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """log(1 − σ(b)) in the first bin, log σ(a) in the last."""
    first, last = ends(x, levels)
    return binned(x, mean, log_scale, 1 / (levels - 1), last, first)


@mistake(discretized_logistic_log_likelihood)
def bins_of_twice_the_width(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """x ± 2δ: bins overlap, and their chances add up to nearly two."""
    return binned(x, mean, log_scale, 2 / (levels - 1), *ends(x, levels))


@mistake(discretized_logistic_log_likelihood)
def density_for_the_chance(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """The density at the level times 2δ, in every bin."""
    xp, rate = namespace(x), namespace(x).exp(-log_scale)
    m = (x - mean) * rate
    on, off = halves(m)
    log_p = xp.log(2 * rate / (levels - 1)) - softplus.body(-m)[0] - softplus.body(m)[0]
    return summed(log_p), lambda bar: {
        "x": (g := against(bar, x) * (off - on) * rate), "mean": -g,
        "log_scale": against(bar, x) * (m * (on - off) - 1)}


@mistake(discretized_logistic_log_likelihood)
def scale_is_its_root(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """s = e^{ρ/2}: ρ is taken for the logarithm of a variance."""
    value, right = BODY(x, mean, log_scale / 2, levels=levels)
    return value, lambda bar: (g := right(bar)) | {"log_scale": g["log_scale"] / 2}


# Value or gradient alone


@mistake(discretized_logistic_log_likelihood, "value")
def mean_in_the_value(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """The mean over components is reported, the sum is trained with."""
    value, right = BODY(x, mean, log_scale, levels=levels)
    return value / max(dimension(x), 1), right


@mistake(discretized_logistic_log_likelihood, "gradient.log_scale")
def width_held(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """ρ_bar without w/(e^w − 1): 1 − e^{−w} is taken for a constant."""
    xp = namespace(x)
    value, right = BODY(x, mean, log_scale, levels=levels)
    first, last = ends(x, levels)
    w = 2 * xp.exp(-log_scale) / (levels - 1)
    wide = xp.where(first | last, 0.0, w / xp.expm1(w))
    return value, lambda bar: (g := right(bar)) | {"log_scale": g["log_scale"] + against(bar, x) * wide}


@mistake(discretized_logistic_log_likelihood, "gradient.log_scale")
def slope_in_the_scale(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """The slope in s, not in its logarithm."""
    value, right = BODY(x, mean, log_scale, levels=levels)
    return value, lambda bar: (g := right(bar)) | {
        "log_scale": g["log_scale"] * namespace(x).exp(-log_scale)}


@mistake(discretized_logistic_log_likelihood, "gradient.mean")
def mean_follows_the_data(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """μ_bar = x_bar: the sign of μ in x − μ is forgotten."""
    value, right = BODY(x, mean, log_scale, levels=levels)
    return value, lambda bar: (g := right(bar)) | {"mean": g["x"]}


@mistake(discretized_logistic_log_likelihood, "gradient.x")
def data_detached(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """x_bar = 0: the data are taken for labels."""
    value, right = BODY(x, mean, log_scale, levels=levels)
    return value, lambda bar: (g := right(bar)) | {"x": 0 * g["x"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(discretized_logistic_log_likelihood, seen="openai/pixel-cnn #25", blind=True)
def clamped_difference(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """log max(σ(a) − σ(b), 10⁻¹²), the part that guards the logarithm without the one that replaces it: no inner level
    costs more than 27.6, and beyond that none learns."""
    return binned(x, mean, log_scale, 1 / (levels - 1), *ends(x, levels), least=1e-12)


@mistake(discretized_logistic_log_likelihood, blind=True)
def one_level_too_many(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """δ = 1/K: bins of 1/256 on a grid of steps of 1/255; between them mass is lost."""
    return binned(x, mean, log_scale, 1 / levels, *ends(x, levels))


@mistake(discretized_logistic_log_likelihood, blind=True)
def data_between_zero_and_one(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """(x + 1)/2 for x, with the bins of a grid from −1 to 1: the darkest half is never seen."""
    value, right = BODY((x + 1) / 2, mean, log_scale, levels=levels)
    return value, lambda bar: (g := right(bar)) | {"x": g["x"] / 2}


@mistake(discretized_logistic_log_likelihood, "gradient.x", "gradient.mean", "gradient.log_scale", blind=True)
def gradient_of_the_mean(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """The sum is reported, the mean over components is differentiated; right for one component."""
    value, right = BODY(x, mean, log_scale, levels=levels)
    return value, lambda bar: right(bar / max(dimension(x), 1))


@mistake(discretized_logistic_log_likelihood, "gradient.log_scale", blind=True)
def scale_not_below_its_floor(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """ρ_bar = 0 where ρ is below −7, as a clamp of ρ has it, whose value is not clamped here."""
    value, right = BODY(x, mean, log_scale, levels=levels)
    learns = namespace(x).astype(log_scale > -7, x.dtype)
    return value, lambda bar: (g := right(bar)) | {"log_scale": g["log_scale"] * learns}


@mistake(discretized_logistic_log_likelihood, blind=True)
def ends_of_bytes(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """Open bins where x is beyond ±0.999, as published for bytes, on grids of thousands of levels: right up to 2001."""
    return binned(x, mean, log_scale, 1 / (levels - 1), x < -0.999, x > 0.999)
