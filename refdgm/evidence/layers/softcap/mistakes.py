"""Mistakes in capped numbers."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.layers.softcap import softcap
from refdgm.namespace import Array, namespace
from refdgm.numerics.tanh_less_tangent import sech_squared, tanh_less_tangent

BODY = softcap.body


def total(x: Array) -> Array:
    return namespace(x).sum(x)


# Wrong equations, rightly differentiated


@mistake(softcap)
def not_given_back(x: Array, cap: Array) -> Any:
    """tanh(x/c): the cap divides and does not multiply; right for c = 1."""
    u = x / cap
    return namespace(x).tanh(u), lambda bar: {
        "x": bar * sech_squared(u) / cap, "cap": -total(bar * u * sech_squared(u)) / cap}


@mistake(softcap)
def not_divided(x: Array, cap: Array) -> Any:
    """c tanh(x): the cap multiplies and does not divide; right for c = 1."""
    t = namespace(x).tanh(x)
    return cap * t, lambda bar: {"x": bar * cap * sech_squared(x), "cap": total(bar * t)}


@mistake(softcap)
def cut_off(x: Array, cap: Array) -> Any:
    """x clipped to the interval, which has no slope beyond it."""
    xp = namespace(x)
    inside = xp.astype(xp.abs(x) < cap, x.dtype)
    return xp.maximum(xp.minimum(x, cap), -cap), lambda bar: {
        "x": bar * inside, "cap": total(bar * (1 - inside) * xp.sign(x))}


@mistake(softcap)
def by_a_logistic_function(x: Array, cap: Array) -> Any:
    """c (2 σ(x/c) − 1) = c tanh(x/2c): half the slope at zero."""
    u = x / cap / 2
    t = namespace(x).tanh(u)
    return cap * t, lambda bar: {"x": bar * sech_squared(u) / 2, "cap": total(bar * (t - u * sech_squared(u)))}


@mistake(softcap, "value")
def value_before_the_cap(x: Array, cap: Array) -> Any:
    """The scores are handed on as they came, with the slope of the capped ones."""
    return x + 0 * cap, BODY(x, cap)[1]


# The value is right, a gradient is not


@mistake(softcap, "gradient.x")
def tangent_not_squared(x: Array, cap: Array) -> Any:
    """1 − tanh u for 1 − tanh² u."""
    value, right = BODY(x, cap)
    return value, lambda bar: right(bar) | {"x": bar * (1 - namespace(x).tanh(x / cap))}


@mistake(softcap, "gradient.x")
def divided_in_the_gradient(x: Array, cap: Array) -> Any:
    """x_bar = y_bar sech² u / c: the outer c is forgotten in the chain; right for c = 1."""
    value, right = BODY(x, cap)
    return value, lambda bar: (g := right(bar)) | {"x": g["x"] / cap}


@mistake(softcap, "gradient.x")
def passed_through(x: Array, cap: Array) -> Any:
    """x_bar = y_bar: the cap is not differentiated."""
    value, right = BODY(x, cap)
    return value, lambda bar: right(bar) | {"x": bar + 0 * x}


@mistake(softcap, "gradient.cap")
def cap_met_once(x: Array, cap: Array) -> Any:
    """c_bar = Σ y_bar tanh u: of the factor alone."""
    value, right = BODY(x, cap)
    return value, lambda bar: right(bar) | {"cap": total(bar * namespace(x).tanh(x / cap))}


@mistake(softcap, "gradient.cap")
def sign_of_the_inner_cap(x: Array, cap: Array) -> Any:
    """tanh u + u sech² u."""
    value, right = BODY(x, cap)
    u = x / cap
    return value, lambda bar: right(bar) | {
        "cap": total(bar * (namespace(x).tanh(u) + u * sech_squared(u)))}


@mistake(softcap, "gradient.cap")
def mean_for_the_sum(x: Array, cap: Array) -> Any:
    """c_bar is a mean over the scores."""
    value, right = BODY(x, cap)
    return value, lambda bar: right(bar) | {"cap": total(bar * tanh_less_tangent(x / cap)) / max(x.shape[0], 1)}


@mistake(softcap, "gradient.x")
def square_of_the_capped(x: Array, cap: Array) -> Any:
    """1 − y² for 1 − (y/c)²: the saved output is still in units of the scores; right for c = 1."""
    value, right = BODY(x, cap)
    return value, lambda bar: right(bar) | {"x": bar * (1 - value * value)}


@mistake(softcap, "gradient.x", "gradient.cap")
def slope_at_the_output(x: Array, cap: Array) -> Any:
    """sech² of y/c for sech² of x/c: the number was overwritten in place."""
    value, _ = BODY(x, cap)
    return value, BODY(value, cap)[1]


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(softcap, seen="unslothai/unsloth-zoo #593", blind=True)
def number_for_the_cap(x: Array, cap: Array) -> Any:
    """x tanh(x/c): beyond the cap that is |x|, which nothing caps."""
    u = x / cap
    t = namespace(x).tanh(u)
    return x * t, lambda bar: {"x": bar * (t + u * sech_squared(u)), "cap": -total(bar * u * u * sech_squared(u))}


@mistake(softcap, seen="apple/ml-cross-entropy #48", blind=True)
def never_capped(x: Array, cap: Array) -> Any:
    """y = x: the option is there, and nothing reads it."""
    return x + 0 * cap, lambda bar: {"x": bar + 0 * x, "cap": 0 * cap}
