"""Numbers times the chance that a normal one is below them."""

import math

import mpmath
import numpy as np
import pytest

from refdgm.layers.gelu import gelu

from ..kit import verify

TestGelu = verify(gelu)


def slope(x):
    return gelu.vjp(x)[1](np.ones_like(x))["x"]


def exact(x):
    """Value and slope in 40 digits."""
    with mpmath.workdps(40):
        p = [mpmath.ncdf(mpmath.mpf(float(v))) for v in x]
        d = [mpmath.npdf(mpmath.mpf(float(v))) for v in x]
        return ([float(v * q) for v, q in zip(x, p, strict=True)],
                [float(q + v * f) for v, q, f in zip(x, p, d, strict=True)])


class TestLaws:
    def test_quartiles(self):
        """Φ(0.67448975…) is ¾ and Φ of its negative ¼. Kills: erf of x, no ½, no 1, another chance."""
        q = 0.6744897501960817
        np.testing.assert_allclose(gelu(np.array([q, -q, 0.0])), [0.75 * q, -0.25 * q, 0], rtol=1e-15)
        d = math.exp(-q * q / 2) / math.sqrt(2 * math.pi)
        np.testing.assert_allclose(slope(np.array([q, -q, 0.0])), [0.75 + q * d, 0.25 - q * d, 0.5], rtol=1e-14)

    def test_by_another_library(self):
        """In 40 digits, from −37.5 to 30. Kills: 1 + erf, of which nothing is left below −8, the rounded square in
        e^{−x²/2}, a term of the slope."""
        x = np.concatenate([np.linspace(-30, 30, 121), [-37.5, 1e-9, -1e-9]]) + 1 / 64
        value, by_hand = exact(x)
        np.testing.assert_allclose(gelu(x), value, rtol=3e-15)
        np.testing.assert_allclose(slope(x), by_hand, rtol=2e-14)

    def test_a_number_and_its_negative(self, rng):
        """y(x) − y(−x) = x, and slopes add up to one. Kills: any even function too many."""
        x = rng.normal(size=(5, 3)) * 3
        np.testing.assert_allclose(gelu(x) - gelu(-x), x, rtol=1e-13)
        np.testing.assert_allclose(slope(x) + slope(-x), 1, rtol=1e-13)

    def test_the_slope_is_a_difference(self):
        """Kills: a term of the slope forgotten, or of another density."""
        x, h = np.linspace(-5, 5, 41), 2.0**-10
        at = lambda k: gelu(x + k * h)
        np.testing.assert_allclose(slope(x), (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h), rtol=1e-9,
                                   atol=1e-10)

    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    def test_far_out(self, dtype):
        """Kills: ∞ · 0."""
        most = np.finfo(dtype).max
        x = np.array([most, -most, 2000.0, -2000.0], dtype)
        np.testing.assert_array_equal(gelu(x), np.maximum(x, 0))
        np.testing.assert_array_equal(slope(x), x > 0)
