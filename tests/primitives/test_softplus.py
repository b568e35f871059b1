"""Softplus and log-sigmoid."""

import numpy as np
import pytest

from refdgm.primitives.softplus import log_sigmoid, softplus

from ..kit import verify

TestSoftplus = verify(softplus)
TestLogSigmoid = verify(log_sigmoid)

BOTH = [softplus, log_sigmoid]


def slope(reference, x):
    return reference.vjp(x)[1](np.ones_like(x))["x"]


class TestLaws:
    def test_where_the_exponentials_are_whole_numbers(self):
        """softplus(log 3) = log 4 with slope 3/4, log σ(log 3) = log ¾ with slope ¼. Kills: another base, log(1 + x),
        the slopes exchanged, σ(1 − σ) for a slope."""
        x = np.log([3.0, 1 / 3, 1.0])
        np.testing.assert_allclose(softplus(x), np.log([4, 4 / 3, 2]), rtol=1e-15)
        np.testing.assert_allclose(slope(softplus, x), [3 / 4, 1 / 4, 1 / 2], rtol=1e-15)
        np.testing.assert_allclose(log_sigmoid(x), np.log([3 / 4, 1 / 4, 1 / 2]), rtol=1e-15)
        np.testing.assert_allclose(slope(log_sigmoid, x), [1 / 4, 3 / 4, 1 / 2], rtol=1e-15)

    def test_a_number_and_its_negative(self, rng):
        """softplus(x) − softplus(−x) = x and log σ(x) − log σ(−x) = x, slopes add up to 1. Kills: an even function
        left over (a max(x, 0) dropped or doubled), a shift of the value."""
        x = rng.normal(size=(5, 3)) * 4
        for reference in BOTH:
            np.testing.assert_allclose(reference(x) - reference(-x), x, rtol=1e-13)
            np.testing.assert_allclose(slope(reference, x) + slope(reference, -x), 1, rtol=1e-15)

    @pytest.mark.parametrize("a", [8.0, 45.0, 300.0, 700.0])
    def test_exact_tails(self, a):
        """softplus(−a) = e^{−a} − e^{−2a}/2, log σ(a) the same with a minus, and their slopes e^{−a}/(1 + e^{−a}).
        Kills: log(1 + eˣ) and log σ(x) as they stand: both 0 from 37; 1 − σ(x) for a slope."""
        t = np.exp(-a)
        small, rate = t - t**2 / 2 + t**3 / 3 - t**4 / 4 + t**5 / 5, t / (1 + t)
        np.testing.assert_allclose(softplus(np.array([-a])), [small], rtol=2e-15)
        np.testing.assert_allclose(slope(softplus, np.array([-a])), [rate], rtol=1e-15)
        np.testing.assert_allclose(log_sigmoid(np.array([a])), [-small], rtol=2e-15)
        np.testing.assert_allclose(slope(log_sigmoid, np.array([a])), [rate], rtol=1e-15)

    def test_just_above_twenty(self):
        """softplus(x) = x + e^{−x}, slope 1 − e^{−x}, where libraries take x and 1. Kills: a threshold."""
        x = np.array([20.5, 24.0, 30.0])
        np.testing.assert_allclose(softplus(x), x + np.exp(-x), rtol=4e-16)
        np.testing.assert_allclose(softplus(x) - x, np.exp(-x), atol=8e-15)
        np.testing.assert_allclose(1 - slope(softplus, x), np.exp(-x), atol=4e-16)

    def test_far_out(self):
        """max(x, 0) and min(x, 0), with slopes 0, 1 and none that is not a number. Kills: e^{1000}, ∞ − ∞."""
        x = np.array([1000.0, -1000.0, 1e300, -1e300, np.inf, -np.inf])
        np.testing.assert_array_equal(softplus(x), np.maximum(x, 0))
        np.testing.assert_array_equal(slope(softplus, x), x > 0)
        np.testing.assert_array_equal(log_sigmoid(x), np.minimum(x, 0))
        np.testing.assert_array_equal(slope(log_sigmoid, x), x < 0)

    def test_is_the_integral_of_the_logistic_function(self):
        """∫₀ᵃ (1 + tanh(u/2))/2 du + log 2. Kills: a slope of another width (tanh u for tanh u/2)."""
        u = np.linspace(0, 3, 3001)
        h, f = u[1] - u[0], (1 + np.tanh(u / 2)) / 2
        simpson = h / 3 * np.sum(f * np.where(np.arange(3001) % 2, 4, 2)) - h / 3 * (f[0] + f[-1])
        np.testing.assert_allclose(softplus(np.array([3.0])), [simpson + np.log(2)], rtol=1e-13)

    def test_every_rank(self, rng):
        """Element by element, whatever the axes of an example. Kills: a sum over them."""
        x = rng.normal(size=(2, 3, 5))
        for reference in BOTH:
            flat = reference(x.ravel())
            np.testing.assert_array_equal(reference(x), flat.reshape(x.shape))
