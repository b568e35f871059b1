"""Mistakes in the law of a point after a time. That ς = σ(t) for ve is a variant and not among them."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.sde.perturbation_kernel import perturbation_kernel

BODY = perturbation_kernel.body
GRADIENTS = ("gradient.t", "gradient.low", "gradient.high")
ROOTS = {"vp": 0.5, "sub_vp": 1.0}
Total = Callable[[Array, Array, Array], tuple[Array, Array, Array, Array]]


def integral(t: Array, low: Array, high: Array) -> tuple[Array, Array, Array, Array]:
    """B and its derivatives with respect to t, low and high."""
    return t * ((2 - t) * low + t * high) / 2, (1 - t) * low + t * high, t * (2 - t) / 2, t * t / 2


def faded(t: Array, low: Array, high: Array, power: float, of_scale: float = 0.5, of_noise: float = 1.0,
          total: Total = integral) -> Any:
    """κ = e^{−of_scale·B} and ς = (1 − e^{−of_noise·B})^power, rightly differentiated."""
    xp = namespace(t)
    b, *slopes = total(t, low, high)
    scale, k = xp.exp(-of_scale * b), -xp.expm1(-of_noise * b)
    std = k**power

    def pullback(scale_bar: Array, std_bar: Array) -> dict[str, Array]:
        bar = std_bar * power * std / k * of_noise * xp.exp(-of_noise * b) - scale_bar * of_scale * scale
        by_t, by_low, by_high = (bar * slope for slope in slopes)
        return {"t": by_t, "low": xp.sum(by_low), "high": xp.sum(by_high)}

    return (scale, std), pullback


def redone(made: Any, change: Callable[[Array], tuple[Array, Array]]) -> Any:
    """ς changed by a function, which returns what it makes of it and its derivative."""
    (scale, std), right = made
    changed, slope = change(std)
    return (scale, changed), lambda scale_bar, std_bar: right(scale_bar, slope * std_bar)


@mistake(perturbation_kernel, "scale", *GRADIENTS)
def scale_without_half(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """vp and sub_vp: κ = e^{−B}, what is left of the variance in place of what is left of the point."""
    if process == "ve":
        return BODY(t, low, high, process=process)
    return faded(t, low, high, ROOTS[process], of_scale=1.0)


@mistake(perturbation_kernel)
def square_without_half(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """B = t low + t² (high − low): the ½ of the integral of t is forgotten."""
    if process == "ve":
        return BODY(t, low, high, process=process)
    return faded(t, low, high, ROOTS[process], total=lambda t, low, high: (
        t * ((1 - t) * low + t * high), (1 - 2 * t) * low + 2 * t * high, t * (1 - t), t * t))


@mistake(perturbation_kernel, "std", *GRADIENTS)
def variance_returned(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """The variance is returned for the deviation."""
    return redone(BODY(t, low, high, process=process), lambda std: (std * std, 2 * std))


@mistake(perturbation_kernel, "std", *GRADIENTS)
def root_of_sub_vp(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """sub_vp: ς = √(1 − e^{−B}), the deviation of vp; its variance is (1 − e^{−B})²."""
    return BODY(t, low, high, process="vp" if process == "sub_vp" else process)


@mistake(perturbation_kernel, "std", *GRADIENTS)
def exponent_of_the_diffusion(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """sub_vp: ς = 1 − e^{−2B}, the factor that its diffusion has."""
    if process != "sub_vp":
        return BODY(t, low, high, process=process)
    return faded(t, low, high, 1.0, of_noise=2.0)


@mistake(perturbation_kernel, "std", *GRADIENTS)
def deviation_halved_inside(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """vp: ς = √(1 − e^{−B/2}), as if κ² were κ."""
    if process != "vp":
        return BODY(t, low, high, process=process)
    return faded(t, low, high, 0.5, of_noise=0.5)


@mistake(perturbation_kernel, "std", *GRADIENTS)
def difference_of_deviations(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """ve: ς = σ − low, where variances are subtracted and not deviations."""
    xp = namespace(t)
    if process != "ve":
        return BODY(t, low, high, process=process)
    ratio = xp.log1p((high - low) / low)
    sigma, grown = low * (high / low) ** t, low * xp.expm1(t * ratio)
    return (xp.ones_like(t), grown), lambda scale_bar, std_bar: {
        "t": std_bar * sigma * ratio, "low": xp.sum(std_bar * (sigma * (1 - t) / low - 1)),
        "high": xp.sum(std_bar * sigma * t) / high}


@mistake(perturbation_kernel, "std", *GRADIENTS)
def in_units_of_the_first(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """ve: ς = √((high/low)^{2t} − 1), as if the process began at a deviation of one."""
    (scale, std), right = BODY(t, low, high, process=process)
    if process != "ve":
        return (scale, std), right
    xp = namespace(t)

    def pullback(scale_bar: Array, std_bar: Array) -> dict[str, Array]:
        g = right(scale_bar, std_bar / low)
        return g | {"low": g["low"] - xp.sum(std_bar * std) / low / low}

    return (scale, std / low), pullback


@mistake(perturbation_kernel, "gradient.t")
def noise_held_in_time(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """t_bar through κ alone: the deviation is computed without gradient in time."""
    value, right = BODY(t, low, high, process=process)
    return value, lambda scale_bar, std_bar: right(scale_bar, std_bar) | {"t": right(scale_bar, 0 * std_bar)["t"]}


@mistake(perturbation_kernel, *GRADIENTS)
def root_not_differentiated(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """ς_bar taken for the cotangent of ς²: the derivative of the root is forgotten."""
    (scale, std), right = BODY(t, low, high, process=process)
    return (scale, std), lambda scale_bar, std_bar: right(scale_bar, 2 * std * std_bar)


@mistake(perturbation_kernel, "gradient.low")
def start_held_in_low(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """ve: the gradient of low through σ alone, without that of the variance at time 0."""
    value, right = BODY(t, low, high, process=process)
    if process != "ve":
        return value, right
    xp = namespace(t)
    return value, lambda scale_bar, std_bar: (g := right(scale_bar, std_bar)) | {
        "low": g["low"] + xp.sum(std_bar / value[1]) * low}


@mistake(perturbation_kernel, "gradient.high")
def scale_detached_from_high(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """The gradient of high through the deviation alone."""
    value, right = BODY(t, low, high, process=process)
    return value, lambda scale_bar, std_bar: right(scale_bar, std_bar) | {
        "high": right(0 * scale_bar, std_bar)["high"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(perturbation_kernel, blind=True)
def rate_times_time(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """B = ½ t (low + high): the mean of the whole process's β, times the time; right at the end."""
    if process == "ve":
        return BODY(t, low, high, process=process)
    return faded(t, low, high, ROOTS[process], total=lambda t, low, high: (
        t * (low + high) / 2, (low + high) / 2 + 0 * t, t / 2, t / 2))


@mistake(perturbation_kernel, "std", *GRADIENTS, blind=True)
def floored(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """ς is at least 1e-3, lest a quotient overflow; right where there is more noise."""
    xp = namespace(t)
    return redone(BODY(t, low, high, process=process), lambda std: (
        xp.maximum(std, 1e-3 + 0 * std), xp.astype(std > 1e-3, std.dtype)))


@mistake(perturbation_kernel, blind=True)
def one_time_for_all(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """The time of the first example serves the whole batch; right for equal times, as a sampler has them."""
    xp = namespace(t)
    first = xp.astype(xp.arange(t.shape[0], device=t.device) == 0, t.dtype)
    value, right = BODY(t[:1] + 0 * t, low, high, process=process)
    return value, lambda scale_bar, std_bar: (g := right(scale_bar, std_bar)) | {"t": first * xp.sum(g["t"])}


@mistake(perturbation_kernel, "gradient.low", "gradient.high", blind=True)
def averaged_over_the_batch(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """The gradients of low and high are means over the batch, where sums belong; right for one example."""
    value, right = BODY(t, low, high, process=process)
    share = 1 / max(t.shape[0], 1)
    return value, lambda scale_bar, std_bar: (g := right(scale_bar, std_bar)) | {
        "low": g["low"] * share, "high": g["high"] * share}
