"""The judge is judged: every elementary rule against mpmath, its series against differences."""

import math
from fractions import Fraction

import array_api_compat.numpy as np
import mpmath
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from refdgm.certify import balls as xp
from refdgm.certify.balls import precision
from refdgm.certify.elements import slope, value

from .series import BITS, element, moving

pytestmark = pytest.mark.usefixtures("many_bits")
POINTS = (2.0**-60, 0.125, 0.8125, 1.0, 2.5, 17.75)
BOTH_SIGNS = tuple(sign * x for x in POINTS for sign in (1, -1))

# name -> (f and f′ in mpmath, where)
ELEMENTARY = {
    "exp": (mpmath.exp, mpmath.exp, BOTH_SIGNS),
    "expm1": (mpmath.expm1, mpmath.exp, BOTH_SIGNS),
    "log": (mpmath.log, lambda x: 1 / x, POINTS),
    "log1p": (mpmath.log1p, lambda x: 1 / (1 + x), (*POINTS, -0.5, -(2.0**-60), -0.9375)),
    "sqrt": (mpmath.sqrt, lambda x: 1 / (2 * mpmath.sqrt(x)), POINTS),
    "sin": (mpmath.sin, mpmath.cos, BOTH_SIGNS),
    "cos": (mpmath.cos, lambda x: -mpmath.sin(x), BOTH_SIGNS),
    "sinh": (mpmath.sinh, mpmath.cosh, BOTH_SIGNS),
    "cosh": (mpmath.cosh, mpmath.sinh, BOTH_SIGNS),
    "tanh": (mpmath.tanh, lambda x: mpmath.sech(x) ** 2, BOTH_SIGNS),
    "erf": (mpmath.erf, lambda x: 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-x * x), BOTH_SIGNS),
    "abs": (abs, mpmath.sign, BOTH_SIGNS),
    "square": (lambda x: x * x, lambda x: 2 * x, BOTH_SIGNS),
}
CASES = [pytest.param(name, x, id=f"{name} {x}") for name, (_, _, where) in ELEMENTARY.items() for x in where]


def close(ball, exact, digits):
    """The ball is tight, and at the number that mpmath gives."""
    exact = arb(mpmath.nstr(exact, 90))
    return abs(ball - exact) <= abs(exact) * arb(10) ** -digits and not ball.is_nan()


@pytest.mark.parametrize(("name", "x"), CASES)
def test_value_and_slope_are_those_of_mpmath(name, x):
    f, derivative, _ = ELEMENTARY[name]
    with mpmath.workdps(100):
        exact, exact_slope = f(mpmath.mpf(x)), 3 * derivative(mpmath.mpf(x))
    at_rest, on_the_move = element(getattr(xp, name)(xp.asarray(x))), element(getattr(xp, name)(moving(x, 3)))
    assert close(at_rest, exact, 60) and close(value(on_the_move), exact, 60)
    assert close(slope(on_the_move), exact_slope, 60)


@pytest.mark.parametrize(("name", "x"), CASES)
def test_slope_is_the_limit_of_differences(name, x):
    f = getattr(xp, name)
    with precision(1024):
        h = Fraction(1, 2**200)
        middle = element((f(xp.asarray(x) + h) - f(xp.asarray(x) - h)) / (2 * h))
        found = slope(element(f(moving(x))))
        assert abs(middle - found) < arb((1, -150)) * (1 + abs(found))


@given(st.sampled_from(sorted(ELEMENTARY)), st.floats(-30, 30, allow_subnormal=False))
def test_float64_is_within_a_few_ulp_of_the_ball(name, x):
    x = abs(x) + 2.0**-40 if name in ("log", "sqrt") else math.expm1(x / 5) if name == "log1p" else x
    with precision(BITS):
        ball = element(getattr(xp, name)(xp.asarray(x)))
        number = getattr(np, name)(np.asarray(x)) if hasattr(np, name) else getattr(math, name)(x)
        assert abs(ball - float(number)) <= 4 * math.ulp(float(number))


@given(st.data())
def test_few_bits_enclose_what_many_bits_find(data):
    """Containment through a composition, for values and slopes alike."""
    dyadic = st.integers(-(2**12), 2**12).map(lambda n: n / 1024)
    x = [[data.draw(dyadic) for _ in range(3)] for _ in range(2)]
    w = [[data.draw(dyadic) for _ in range(3)] for _ in range(3)]

    def composition():
        row = xp.stack([moving(v, d) for v, d in zip(x[0], (1, -2, 3), strict=True)])
        h = xp.tanh(xp.stack([row, xp.asarray(x[1])]) @ xp.asarray(w).T + xp.pi)
        e = xp.exp(h) / xp.sum(xp.exp(h), axis=-1, keepdims=True)
        return xp.sum(xp.log1p(e) * xp.sin(h) / xp.sqrt(1 + xp.cosh(h)), axis=-1)

    with precision(64):
        rough = composition()
    with precision(512):
        fine = composition()
    for coarse, sharp in zip(rough.raw, fine.raw, strict=True):
        assert value(coarse).contains(value(sharp)) and slope(coarse).contains(slope(sharp))
        assert value(sharp).rad() < arb((1, -400))
