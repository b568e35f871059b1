"""The coefficients of the processes, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.sde_coefficients import sde_coefficients


def of_logarithms(slope: Any, g: Any, by_slope: Any, by_log: Any) -> Any:
    """A body from the derivatives of a and of log g with respect to t, low and high."""
    def pullback(slope_bar: Any, g_bar: Any) -> dict[str, Any]:
        t, low, high = (slope_bar * of_slope + g_bar * g * of_log
                        for of_slope, of_log in zip(by_slope, by_log, strict=True))
        return {"t": t, "low": np.sum(low), "high": np.sum(high)}

    return (slope, g), pullback


def by_beta(t: Any, low: Any, high: Any) -> Any:
    return -(high - low) / 2 + 0 * t, (t - 1) / 2, -t / 2


@rewrite(sde_coefficients)
def by_powers_and_tangents(t: Any, low: Any, high: Any, *, process: str) -> Any:
    """ve by powers, low^{1−t} high^t; sub_vp by 1 − e^{−2B} = 2 tanh B / (1 + tanh B); gradients of log g."""
    zero = 0 * t
    if process == "ve":
        ratio = np.log(high) - np.log(low)
        g = low ** (1 - t) * high**t * np.sqrt(2 * ratio)
        return of_logarithms(zero, g, (zero, zero, zero), (
            ratio + zero, (1 - t) / low - 1 / (2 * ratio * low), t / high + 1 / (2 * ratio * high)))
    beta, total = low + t * (high - low), low * t + (high - low) * t * t / 2
    tangent = np.tanh(total)
    k = 2 * tangent / (1 + tangent) if process == "sub_vp" else 1.0
    of_total = np.exp(-2 * total) / k if process == "sub_vp" else zero
    return of_logarithms(-beta / 2, np.sqrt(beta * k), by_beta(t, low, high), (
        (high - low) / beta / 2 + of_total * beta, (1 - t) / beta / 2 + of_total * (t - t * t / 2),
        t / beta / 2 + of_total * t * t / 2))


@rewrite(sde_coefficients)
def from_the_variance(t: Any, low: Any, high: Any, *, process: str) -> Any:
    """g² = dv/dt − 2 a v, of the variance v that the process has given to a point at time t."""
    zero = 0 * t
    if process == "ve":  # v = low² (e^{2tΛ} − 1)
        ratio = np.log(high / low)
        g = np.sqrt(2 * ratio * np.exp(2 * t * ratio)) * low
        return of_logarithms(zero, g, (zero, zero, zero), (
            ratio + zero, (1 - t - 1 / (2 * ratio)) / low, (t + 1 / (2 * ratio)) / high))
    beta, total = high - (1 - t) * (high - low), t * (low + (high - low) * t / 2)
    left, gone = np.exp(-total), -np.expm1(-total)
    if process == "vp":  # v = 1 − e^{−B}
        g = np.sqrt(beta * left + beta * gone)
        of_total = zero
    else:  # v = (1 − e^{−B})²
        g = np.sqrt(2 * gone * beta * left + beta * gone * gone)
        of_total = left * left / (gone * (1 + left))
    return of_logarithms(-beta / 2, g, by_beta(t, low, high), (
        (high - low) / (2 * beta) + of_total * beta, (1 - t) / (2 * beta) + of_total * t * (1 - t / 2),
        t / (2 * beta) + of_total * t * t / 2))


@rewrite(sde_coefficients)
def example_by_example(t: Any, low: Any, high: Any, *, process: str) -> Any:
    """One example after the other, their gradients added up."""
    each = [sde_coefficients.body(t[i : i + 1], low, high, process=process) for i in range(len(t))]
    slope, g = (np.concatenate([value[i] for value, _ in each]) for i in (0, 1))

    def pullback(slope_bar: Any, g_bar: Any) -> dict[str, Any]:
        grads = [right(slope_bar[i : i + 1], g_bar[i : i + 1]) for i, (_, right) in enumerate(each)]
        return {"t": np.concatenate([grad["t"] for grad in grads]),
                "low": sum(grad["low"] for grad in grads), "high": sum(grad["high"] for grad in grads)}

    return (slope, g), pullback
