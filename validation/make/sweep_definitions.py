"""Scalar functions by their definitions, value and slope, in forms in which nothing is lost: what a sweep is held
against. Each is of one array, in NumPy's longest numbers; `tests/test_sweep.py` holds them against balls.

To add a function is to add a row: the name of a reference of one argument `x`, its value and its slope.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import erfcx

LONG = np.longdouble
ROOT = np.sqrt(2 / LONG("3.14159265358979323846264338327950288"))  # √(2/π)
CUBIC = LONG("0.044715")

Scalar = Callable[[Any], Any]


def chance(x: Any) -> Any:
    """σ(x) = 1 / (1 + e^{−x}), of which neither end loses a digit."""
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def softplus(x: Any) -> Any:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def silu_slope(x: Any) -> Any:
    return chance(x) * (1 + x * chance(-x))


def inner(x: Any) -> Any:
    """2u of (1 + tanh u)/2 = σ(2u)."""
    return 2 * ROOT * x * (1 + CUBIC * x * x)


def gelu_tanh_slope(x: Any) -> Any:
    p, q = chance(inner(x)), chance(-inner(x))
    return p * (1 + q * x * 2 * ROOT * (1 + 3 * CUBIC * x * x))


def density(x: Any) -> Any:
    """e^{−x²/2} / √(2π); the square of a float32 number has no more bits than there are."""
    return ROOT / 2 * np.exp(-x * x / 2)


def normal_chance(x: Any) -> Any:
    """(1 + erf(x/√2)) / 2, from SciPy's e^{a²} erfc(a), which changes slowly and is right to double precision."""
    a = np.abs(x)
    tail = np.exp(-a * a / 2) * erfcx((a / np.sqrt(LONG(2))).astype(np.float64)) / 2
    return np.where(x < 0, tail, 1 - tail)


DEFINITIONS: dict[str, tuple[Scalar, Scalar]] = {
    "softplus": (softplus, chance),
    "log_sigmoid": (lambda x: -softplus(-x), lambda x: chance(-x)),
    "silu": (lambda x: x * chance(x), silu_slope),
    "gelu": (lambda x: x * normal_chance(x), lambda x: normal_chance(x) + x * density(x)),
    "gelu_tanh": (lambda x: x * chance(inner(x)), gelu_tanh_slope),
}

# Most of the numbers of float32 lie so near to zero, or so far from it, that a straight line is the function to 2⁻²⁶ of
# an ulp, and doubles are enough for it. A row is two lines each, of value and slope, by their values and slopes at zero
# below `NEAR`, and what is left beyond `FAR`.
NEAR, FAR = 2.0**-30, 256.0
TWICE = float(ROOT)  # the curvature of both gelus at zero, 2/√(2π)


def gate(curvature: float) -> tuple[Scalar, Scalar]:
    """x σ(…), of which the chance at zero is ½."""
    return lambda x: x * (0.5 + curvature / 2 * x), lambda x: 0.5 + curvature * x


AT_ZERO: dict[str, tuple[Scalar, Scalar]] = {
    "softplus": (lambda x: float(np.log(LONG(2))) + x / 2, lambda x: 0.5 + x / 4),
    "log_sigmoid": (lambda x: x / 2 - float(np.log(LONG(2))), lambda x: 0.5 - x / 4),
    "silu": gate(0.5),
    "gelu": gate(TWICE),
    "gelu_tanh": gate(TWICE),
}
UPWARDS = lambda x: np.maximum(x, 0.0), lambda x: np.where(x > 0, 1.0, 0.0)
FAR_OUT: dict[str, tuple[Scalar, Scalar]] = dict.fromkeys(AT_ZERO, UPWARDS) | {
    "log_sigmoid": (lambda x: np.minimum(x, 0.0), lambda x: np.where(x < 0, 1.0, 0.0)),
}


def exact(name: str, x: Any) -> list[Any]:
    """Value and slope of float32 numbers: in the longest numbers, and where all of them lie near zero or far out in
    doubles."""
    size = np.abs(x)
    forms = AT_ZERO if np.all(size < NEAR) else FAR_OUT if np.all(size >= FAR) else DEFINITIONS
    given = x.astype(LONG if forms is DEFINITIONS else np.float64)
    return [form(given) for form in forms[name]]
