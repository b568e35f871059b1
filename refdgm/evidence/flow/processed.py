"""The probability flow with parts to change: what the mistakes about it are made of."""

from collections.abc import Callable
from typing import Any

from refdgm.flow.probability_flow import HIGH, LOW, coefficients, unpacked
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint

Theta = dict[str, Array]
Made = Callable[[Array, Array, Array, str], Any]  # (a, q) at (t, low, high, process), and its pullback


def weighed(of_slope: float = 1.0, of_half: float = 1.0) -> Made:
    """Both coefficients times a number."""

    def made(t: Array, low: Array, high: Array, process: str) -> Any:
        (a, q), right = coefficients(t, low, high, process)
        return (of_slope * a, of_half * q), lambda a_bar, q_bar: right(of_slope * a_bar, of_half * q_bar)

    return made


def velocity(score: Field, process: str, made: Made = coefficients, silent: tuple[str, ...] = (),
             time: Callable[[Array], Array] = lambda t: t) -> Field:
    """a x − q s with other coefficients. `silent` are those that hear no gradient: the "state" of the score and its
    "clock", the "schedule" in time, "low", "high". The score's clock is `time`, a shift of t."""

    def parts(t: Array, theta: Theta) -> Any:
        own = {name: entry for name, entry in theta.items() if name not in (LOW, HIGH)}
        return own, *made(t, theta[LOW], theta[HIGH], process)

    def gathered(g: dict[str, Any], by: dict[str, Any]) -> dict[str, Any]:
        heard = {name: 0 * x if name in silent else x for name, x in by.items()}
        t_bar = (0 if "clock" in silent else 1) * g["t"] + (0 if "schedule" in silent else 1) * by["t"]
        return g | {"t": t_bar, "theta": g["theta"] | {LOW: heard["low"], HIGH: heard["high"]}}

    def vjp(z: Array, t: Array, theta: Theta) -> Any:
        xp = namespace(z)
        own, (a, q), right = parts(t, theta)
        s, inner = score.vjp(z, time(t), own)

        def pullback(bar: Array, wrt: Any = ()) -> dict[str, Any]:
            g = inner(-q * bar, wrt=("z", "t", "theta"))
            bent = 0 * bar if "state" in silent else g["z"]
            return gathered(g, right(xp.sum(bar * z), -xp.sum(bar * s))) | {"z": a * bar + bent}

        return a * z - q * s, pullback

    def jvp(z: Array, z_dot: Array, t: Array, theta: Theta) -> Any:
        xp = namespace(z)
        own, (a, q), right = parts(t, theta)
        (s, s_dot), inner = score.jvp(z, z_dot, time(t), own)

        def pullback(bar: Array, dot_bar: Array, wrt: Any = ()) -> dict[str, Any]:
            g = inner(-q * bar, -q * dot_bar, wrt=("z", "t", "theta"))
            of_slope = xp.sum(bar * z) + xp.sum(dot_bar * z_dot)
            of_half = -xp.sum(bar * s) - xp.sum(dot_bar * s_dot)
            return gathered(g, right(of_slope, of_half)) | {"z": a * bar + g["z"]}

        return (a * z - q * s, a * z_dot - q * s_dot), pullback

    return Field(f"flow of {score.name}", ("z", "t"), lambda z, t, theta: vjp(z, t, theta)[0], vjp, jvp)


def solved(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, field: Field, method: str,
           steps: int) -> Any:
    """The solve of a velocity whose θ has the ends of the process in it."""
    end, right = odeint.body(x, t0, t1, theta | {LOW: low, HIGH: high}, velocity=field, method=method, steps=steps)
    return end, lambda bar: unpacked(right(bar))


def deviation_for_rate(t: Array, low: Array, high: Array, process: str) -> Any:
    """ve: q = σ²/2, as if σ were the diffusion."""
    if process != "ve":
        return coefficients(t, low, high, process)
    xp = namespace(t)
    sigma, ratio = low * (high / low) ** t, xp.log1p((high - low) / low)
    q = sigma * sigma / 2

    def right(a_bar: Array, q_bar: Array) -> dict[str, Array]:
        p = 2 * q_bar * q
        return {"t": ratio * p, "low": p * (1 - t) / low, "high": p * t / high}

    return (xp.zeros_like(t), q), right


def growing_evenly(t: Array, low: Array, high: Array, process: str) -> Any:
    """ve: σ grows in a line from low to high; q = σ dσ/dt."""
    if process != "ve":
        return coefficients(t, low, high, process)
    sigma, span = (1 - t) * low + t * high, high - low
    return (namespace(t).zeros_like(t), sigma * span), lambda a_bar, q_bar: {
        "t": q_bar * span * span, "low": q_bar * ((1 - t) * span - sigma), "high": q_bar * (t * span + sigma)}


def exponent_not_doubled(t: Array, low: Array, high: Array, process: str) -> Any:
    """sub_vp: q = β (1 − e^{−B})/2."""
    if process != "sub_vp":
        return coefficients(t, low, high, process)
    xp = namespace(t)
    beta, total = (1 - t) * low + t * high, t * ((2 - t) * low + t * high) / 2
    k = -xp.expm1(-total)

    def right(a_bar: Array, q_bar: Array) -> dict[str, Array]:
        b, c = (q_bar * k - a_bar) / 2, q_bar * beta * xp.exp(-total) / 2
        return {"t": b * (high - low) + c * beta, "low": b * (1 - t) + c * t * (2 - t) / 2,
                "high": b * t + c * t * t / 2}

    return (-beta / 2, beta * k / 2), right


def noise_held(t: Array, low: Array, high: Array, process: str) -> Any:
    """sub_vp: B is made without gradient."""
    (a, q), right = coefficients(t, low, high, process)
    if process != "sub_vp":
        return (a, q), right
    k = 2 * q / ((1 - t) * low + t * high)

    def pullback(a_bar: Array, q_bar: Array) -> dict[str, Array]:
        b = (q_bar * k - a_bar) / 2
        return {"t": b * (high - low), "low": b * (1 - t), "high": b * t}

    return (a, q), pullback
