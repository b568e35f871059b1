"""The squared maximum mean discrepancy of a Gaussian kernel."""

import math
from itertools import product

import numpy as np
import pytest

from refdgm.metrics.maximum_mean_discrepancy import maximum_mean_discrepancy

from ..kit import verify

TestMaximumMeanDiscrepancy = verify(maximum_mean_discrepancy)
BOTH = pytest.mark.parametrize("estimator", ["unbiased", "biased"])


class TestLaws:
    def test_two_pairs_by_hand(self):
        """x = 0, 1 and y = 0, 2 of the width 1: e^{−½} and e⁻² within, 1, e⁻², e^{−½} twice across. Kills: a diagonal,
        divisors, a two, h without its square or its two."""
        x, y, h = np.array([[0.0], [1]]), np.array([[0.0], [2]]), np.array(1.0)
        a, c = np.exp(-0.5), np.exp(-2.0)
        unbiased = maximum_mean_discrepancy(x, y, h, estimator="unbiased")
        np.testing.assert_allclose(unbiased, a + c - (1 + c + 2 * a) / 2, rtol=1e-14)
        biased, pullback = maximum_mean_discrepancy.vjp(x, y, h, estimator="biased")
        np.testing.assert_allclose(biased, (1 - a) / 2, rtol=1e-14)
        g = pullback(np.array(2.0))
        np.testing.assert_allclose(g["real"][:, 0], [a - 2 * c, -a], rtol=1e-13)
        np.testing.assert_allclose(g["fake"][:, 0], [2 * c - a, a], rtol=1e-13)
        np.testing.assert_allclose(g["bandwidth"], -a, rtol=1e-13)
        half = maximum_mean_discrepancy(x / 2, y / 2, h / 2, estimator="biased")
        np.testing.assert_allclose(half, biased, rtol=1e-14)

    @BOTH
    def test_by_characteristic_functions(self, rng, estimator):
        """k is the mean of cos⟨w, a − b⟩ over normal w of deviation 1/h: in one dimension by quadrature, |φ − ψ|² of
        both batches; unbiased, what the diagonals are is taken off. Kills: every weight, any other kernel."""
        x, y, h = rng.normal(size=(4, 1)), rng.normal(size=(3, 1)) + 0.5, 1.3
        node, weight = np.polynomial.hermite_e.hermegauss(80)
        waves = lambda v: np.exp(1j * v * node / h)
        phi, psi = waves(x).mean(0), waves(y).mean(0)
        square = lambda v, mean: (abs(mean) ** 2 * len(v) - 1) / (len(v) - 1)
        within = (square(x, phi) + square(y, psi)) if estimator == "unbiased" else abs(phi) ** 2 + abs(psi) ** 2
        want = weight @ (within - 2 * (phi * psi.conj()).real) / weight.sum()
        got = maximum_mean_discrepancy(x, y, np.array(h), estimator=estimator)
        np.testing.assert_allclose(got, want, rtol=1e-12)

    def test_a_wide_kernel_sees_the_means(self, rng):
        """h² MMD² tends to ‖mean x − mean y‖², to all digits though the kernels are one to fourteen. Kills: a
        difference of kernels near one, a factor of the width."""
        x, y, h = rng.normal(size=(5, 3)), rng.normal(size=(4, 3)), 1e7
        want = np.sum((x.mean(0) - y.mean(0)) ** 2)
        value, pullback = maximum_mean_discrepancy.vjp(x, y, np.array(h), estimator="biased")
        np.testing.assert_allclose(value * h**2, want, rtol=1e-12)
        np.testing.assert_allclose(pullback(np.array(1.0))["bandwidth"] * h**3, -2 * want, rtol=1e-11)

    def test_a_narrow_kernel_sees_the_nearest(self):
        """Points 1 and 8 apart of the width 1/8: e^{−32} of one pair, twice over two, and nothing else. Kills: kernels
        less one where they are small."""
        x, y, h = np.array([[0.0], [1.0]]), np.array([[9.0], [20.0]]), np.array(0.125)
        value, pullback = maximum_mean_discrepancy.vjp(x, y, h, estimator="unbiased")
        np.testing.assert_allclose(value, np.exp(-32.0), rtol=1e-14)
        g = pullback(np.array(1.0))
        np.testing.assert_allclose(g["real"][:, 0], [64 * np.exp(-32.0), -64 * np.exp(-32.0)], rtol=1e-14)
        np.testing.assert_allclose(g["bandwidth"], 64 * 8 * np.exp(-32.0), rtol=1e-14)
        assert 0 <= np.max(np.abs(g["fake"])) < 1e-300

    def test_many_that_are_far_apart_keep_their_digits(self):
        """What is asked is how large a kernel is in the mean: of so many that their sum is no small number, each may be
        one. Kills: a sum in place of a mean, or that of another batch, where kernels less one are taken."""
        many, two = 0.9 * np.arange(600) + 0.2 * np.sin(np.arange(600)), np.array([200.1, 400.7])
        kernels = lambda a, b: np.exp(-((a[:, None] - b[None, :]) ** 2) / 2).ravel()
        within = lambda a: (math.fsum(kernels(a, a)) - len(a)) / (len(a) * (len(a) - 1))
        want = within(many) + within(two) - 2 * math.fsum(kernels(many, two)) / 1200
        for x, y in ((many, two), (two, many)):
            got = maximum_mean_discrepancy(x[:, None], y[:, None], np.array(1.0), estimator="unbiased")
            np.testing.assert_allclose(got, want, rtol=2e-15)

    @BOTH
    def test_its_mean_over_all_batches(self, estimator):
        """Over all batches of two of a law of two points with itself: unbiased 0, biased what the diagonals lack,
        (1 − k)/4 for each batch. Kills: a diagonal, its divisor, roots, magnitudes."""
        points, h = np.array([[1.0, 0.5], [-0.5, 2.0]]), np.array(1.5)
        every = [points[[i, j]] for i, j in product(range(2), repeat=2)]
        got = np.mean([maximum_mean_discrepancy(x, y, h, estimator=estimator) for x in every for y in every])
        k = np.exp(-((1.5**2 + 1.5**2) / 2 / 1.5**2))
        np.testing.assert_allclose(got, (1 - k) / 2 if estimator == "biased" else 0, atol=1e-15)

    @BOTH
    def test_no_unit_of_length(self, rng, estimator):
        """Points and width twice as large: the same; so ⟨x, x_bar⟩ + ⟨y, y_bar⟩ + h h_bar = 0; moved together: the
        same, so that all slopes of points add up to zero. Kills: a held width, a factor of its slope, signs."""
        x, y, h = rng.normal(size=(5, 3)), rng.normal(size=(4, 3)), np.array(1.25)
        value, pullback = maximum_mean_discrepancy.vjp(x, y, h, estimator=estimator)
        g = pullback(np.array(1.0))
        np.testing.assert_allclose(np.sum(x * g["real"]) + np.sum(y * g["fake"]) + h * g["bandwidth"], 0, atol=1e-15)
        assert abs(h * g["bandwidth"]) > 1e-3
        np.testing.assert_allclose(g["real"].sum(0) + g["fake"].sum(0), 0, atol=1e-15)
        np.testing.assert_allclose(maximum_mean_discrepancy(2 * x, 2 * y, 2 * h, estimator=estimator), value)
        np.testing.assert_allclose(maximum_mean_discrepancy(y[::-1], x, h, estimator=estimator), value, rtol=1e-13)
        assert maximum_mean_discrepancy(x, x, h, estimator="biased") == 0
