"""Mistakes in the coefficients of the processes. Which way time runs is the integrator's and not among them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.sde.sde_coefficients import sde_coefficients

BODY = sde_coefficients.body
GRADIENTS = ("gradient.t", "gradient.low", "gradient.high")


def scaled(made: Any, of_slope: float, of_diffusion: float) -> Any:
    """Both coefficients times a number, rightly differentiated."""
    (slope, diffusion), right = made
    return (of_slope * slope, of_diffusion * diffusion), lambda a_bar, g_bar: right(
        of_slope * a_bar, of_diffusion * g_bar)


def below(t: Array, low: Array, high: Array, total: Any) -> Any:
    """√(β (1 − e^{−c})) for sub_vp; `total` returns c and its derivatives with respect to t, low and high."""
    xp = namespace(t)
    beta = (1 - t) * low + t * high
    c, *slopes = total(t, low, high)
    k = -xp.expm1(-c)
    g = xp.sqrt(beta * k)

    def pullback(a_bar: Array, g_bar: Array) -> dict[str, Array]:
        b, e = g_bar * k / g / 2 - a_bar / 2, g_bar * beta * xp.exp(-c) / g / 2
        return {"t": b * (high - low) + e * slopes[0], "low": xp.sum(b * (1 - t) + e * slopes[1]),
                "high": xp.sum(b * t + e * slopes[2])}

    return (-beta / 2, g), pullback


@mistake(sde_coefficients, "diffusion", *GRADIENTS)
def square_returned(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """g² is returned for g: β without its root."""
    (slope, g), right = BODY(t, low, high, process=process)
    return (slope, g * g), lambda a_bar, g_bar: right(a_bar, 2 * g * g_bar)


@mistake(sde_coefficients, "slope", *GRADIENTS)
def slope_without_half(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """a = −β: the drift without its ½."""
    return scaled(BODY(t, low, high, process=process), 2.0, 1.0)


@mistake(sde_coefficients, "slope", *GRADIENTS)
def away_from_the_origin(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """a = +β/2: the sign of the process reversed in time."""
    return scaled(BODY(t, low, high, process=process), -1.0, 1.0)


@mistake(sde_coefficients, "diffusion", *GRADIENTS)
def logarithm_not_doubled(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """ve: σ √Λ, for the derivative of σ where that of σ² belongs."""
    return scaled(BODY(t, low, high, process=process), 1.0, 0.5**0.5 if process == "ve" else 1.0)


@mistake(sde_coefficients, "diffusion", *GRADIENTS)
def integral_not_doubled(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """sub_vp: 1 − e^{−B} for 1 − e^{−2B}, the variance of vp."""
    if process != "sub_vp":
        return BODY(t, low, high, process=process)
    return below(t, low, high, lambda t, low, high: (
        t * ((2 - t) * low + t * high) / 2, (1 - t) * low + t * high, t * (2 - t) / 2, t * t / 2))


@mistake(sde_coefficients, "diffusion", *GRADIENTS)
def ends_exchanged(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """ve: from high to low, as if time ran backwards; √(2Λ) is kept."""
    if process != "ve":
        return BODY(t, low, high, process=process)
    (slope, g), right = BODY(1 - t, low, high, process=process)
    return (slope, g), lambda a_bar, g_bar: (grads := right(a_bar, g_bar)) | {"t": -grads["t"]}


@mistake(sde_coefficients, "gradient.t")
def integral_held_in_time(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """sub_vp: t_bar through β alone, as if B did not move."""
    xp = namespace(t)
    value, right = BODY(t, low, high, process=process)
    if process != "sub_vp":
        return value, right
    root = value[1] / xp.sqrt((1 - t) * low + t * high)

    def pullback(a_bar: Array, g_bar: Array) -> dict[str, Array]:
        b = g_bar * root / xp.sqrt((1 - t) * low + t * high) / 2 - a_bar / 2
        return right(a_bar, g_bar) | {"t": b * (high - low)}

    return value, pullback


@mistake(sde_coefficients, "gradient.low")
def logarithm_held_in_low(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """ve: the gradient of low through σ alone, without that of √(2Λ)."""
    xp = namespace(t)
    value, right = BODY(t, low, high, process=process)
    if process != "ve":
        return value, right
    return value, lambda a_bar, g_bar: right(a_bar, g_bar) | {"low": xp.sum(g_bar * value[1] * (1 - t)) / low}


@mistake(sde_coefficients, "gradient.high")
def slope_detached_from_high(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """The gradient of high through the diffusion alone."""
    value, right = BODY(t, low, high, process=process)
    return value, lambda a_bar, g_bar: right(a_bar, g_bar) | {"high": right(0 * a_bar, g_bar)["high"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(sde_coefficients, "diffusion", *GRADIENTS, seen="deepinv/deepinv #775", blind=True)
def noise_for_its_rate(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """ve: g = σ, without √(2Λ): the deviation in place of the root of its square's rate."""
    xp = namespace(t)
    if process != "ve":
        return BODY(t, low, high, process=process)
    sigma = low ** (1 - t) * high**t
    return (xp.zeros_like(t), sigma), lambda a_bar, g_bar: {
        "t": g_bar * sigma * xp.log(high / low), "low": xp.sum(g_bar * sigma * (1 - t)) / low,
        "high": xp.sum(g_bar * sigma * t) / high}


@mistake(sde_coefficients, "diffusion", *GRADIENTS, blind=True)
def rate_times_time(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """sub_vp: B = t β(t) for the integral; right for a β that does not change."""
    if process != "sub_vp":
        return BODY(t, low, high, process=process)
    return below(t, low, high, lambda t, low, high: (
        2 * t * ((1 - t) * low + t * high), 2 * ((1 - 2 * t) * low + 2 * t * high), 2 * t * (1 - t), 2 * t * t))


@mistake(sde_coefficients, blind=True)
def one_time_for_all(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """The time of the first example serves the whole batch; right for equal times, as a sampler has them."""
    xp = namespace(t)
    first = xp.astype(xp.arange(t.shape[0], device=t.device) == 0, t.dtype)
    value, right = BODY(t[:1] + 0 * t, low, high, process=process)
    return value, lambda a_bar, g_bar: (g := right(a_bar, g_bar)) | {"t": first * xp.sum(g["t"])}


@mistake(sde_coefficients, "gradient.low", "gradient.high", blind=True)
def averaged_over_the_batch(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """The gradients of low and high are means over the batch, where sums belong; right for one example."""
    value, right = BODY(t, low, high, process=process)
    share = 1 / max(t.shape[0], 1)
    return value, lambda a_bar, g_bar: (g := right(a_bar, g_bar)) | {"low": g["low"] * share, "high": g["high"] * share}
