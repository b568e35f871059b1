"""Rounding by proof: as IEEE says, of exact numbers and of balls whose points all round to one."""

import math
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from refdgm.certify.balls import precision
from refdgm.certify.rounding import Unrounded, round_ball, round_balls

TINY = arb((1, -500))


def exactly(man, exp):
    return arb((man, exp))


@pytest.mark.parametrize(
    ("exact", "dtype", "number"),
    [
        (exactly(0, 0), "float64", 0.0),
        (exactly(-(2**2000) - 1, -2000), "float64", -1.0),
        (exactly(2**53 + 1, -53), "float64", 1.0),  # half-way, to even: down
        (exactly(2**53 + 3, -53), "float64", 1 + 2.0**-51),  # half-way, to even: up
        (exactly(2**54 - 1, -54), "float64", 1.0),  # carries into the next binade
        (exactly(2**24 + 1, -24), "float32", 1.0),
        (exactly(2**24 + 3, -24), "float32", 1 + 2.0**-22),
        (exactly(3, -1074), "float64", 3 * 5e-324),
        (exactly(3, -1075), "float64", 2 * 5e-324),  # half-way between two subnormals
        (exactly(1, -1075), "float64", 0.0),
        (exactly(-3, -1076), "float64", -5e-324),
        (exactly(1, -(10**7)), "float64", 0.0),
        (exactly(5, -151), "float32", 2.0**-149),
        (exactly(2**53 - 1, 971), "float64", math.nextafter(math.inf, 0)),
        (exactly(2**54 - 1, 970), "float64", math.inf),
        (exactly(-1, 128), "float32", -math.inf),
    ],
)
def test_exact_numbers_round_as_ieee_says(exact, dtype, number):
    assert round_ball(exact, dtype) == number
    assert round_balls(np.array([exact], dtype=object), dtype).dtype == dtype


@given(st.integers(-(2**120), 2**120), st.integers(-1200, 900))
def test_rounding_is_that_of_exact_fractions(man, exp):
    exact = Fraction(man) * Fraction(2) ** exp
    try:
        wanted = float(exact)  # the quotient of two integers is correctly rounded
    except OverflowError:
        wanted = math.copysign(math.inf, man)
    assert round_ball(exactly(man, exp)) == wanted


@given(st.integers(-(2**80), 2**80), st.integers(-220, 60))
def test_no_float32_is_nearer(man, exp):
    found, exact = np.float32(round_ball(exactly(man, exp), "float32")), Fraction(man) * Fraction(2) ** exp
    if np.isfinite(found):
        for other in (np.nextafter(found, np.float32(np.inf)), np.nextafter(found, np.float32(-np.inf))):
            if np.isfinite(other):
                assert abs(Fraction(float(found)) - exact) <= abs(Fraction(float(other)) - exact)


def test_a_ball_rounds_where_all_its_points_do():
    with precision(192):
        third = arb(fmpq(1, 3))
        assert round_ball(third) == 1 / 3 and round_ball(third, "float32") == np.float32(1 / 3)
        assert round_ball(arb(1, 1e-40)) == 1.0
        assert round_ball(arb(0, arb((1, -1200)))) == 0.0
        assert math.copysign(1, round_ball(-arb((1, -1200)))) == 1


@pytest.mark.parametrize(
    "wide",
    [
        exactly(2**53 + 1, -53) + arb(0, TINY),  # straddles the midpoint of 1 and its successor
        exactly(1, -1075) + arb(0, arb((1, -1100))),
        arb(0, 1e-60),
        arb(1, 1e-15),
        arb(0, 1) / 0,
        arb("inf"),
    ],
)
def test_a_ball_that_straddles_a_midpoint_is_not_rounded(wide):
    with precision(1024), pytest.raises(Unrounded):
        round_ball(wide)


def test_rounding_does_not_depend_on_the_precision_of_the_moment():
    with precision(600):
        above = exactly(2**53 + 1, -53) + exactly(1, -400)
    with precision(16):
        assert round_ball(above) == 1 + 2.0**-52
