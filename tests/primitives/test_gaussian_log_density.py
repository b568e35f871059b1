"""The log-density of a diagonal Gaussian."""

import numpy as np
import pytest

from refdgm.primitives.gaussian_log_density import gaussian_log_density

from ..kit import verify

TestGaussianLogDensity = verify(gaussian_log_density)


def one(x):
    return np.array([[x]], dtype=np.float64)


class TestLaws:
    @pytest.mark.parametrize(("mean", "logvar"), [(0.0, 0.0), (1.5, -1.0), (-2.0, 1.5)])
    def test_integrates_to_one_with_the_right_moments(self, mean, logvar):
        """∫ e^J = 1, ∫ (x − μ) e^J = 0, ∫ (x − μ)² e^J = e^λ, by the trapezoidal rule, exact to rounding here. Kills:
        a constant dropped, π for 2π, σ for σ², a missing ½."""
        x = np.arange(-10_240, 10_241)[:, None] / 256
        p = np.exp(gaussian_log_density(x, 0 * x + mean, 0 * x + logvar)) / 256
        moments = [np.sum(p * (x[:, 0] - mean) ** n) for n in range(3)]
        np.testing.assert_allclose(moments, [1, 0, np.exp(logvar)], rtol=1e-13, atol=1e-13)

    def test_at_a_point(self):
        """N(3; 1, 4): −½ − log 2 − ½ log 2π, slopes (−½, ½, 0); N(0; 1, 1/4): slopes (4, −4, 3/2). Kills: signs,
        e^{−λ/2} for e^{−λ} in the slopes, r² for r² − 1."""
        value, pullback = gaussian_log_density.vjp(one(3), one(1), np.log(one(4)))
        np.testing.assert_allclose(value, [-0.5 - np.log(2) - np.log(2 * np.pi) / 2], rtol=1e-15)
        grads = pullback(np.ones(1))
        np.testing.assert_allclose([grads[n][0, 0] for n in grads], [-0.5, 0.5, 0], rtol=1e-15, atol=1e-15)
        grads = gaussian_log_density.vjp(one(0), one(1), np.log(one(0.25)))[1](np.ones(1))
        np.testing.assert_allclose([grads[n][0, 0] for n in grads], [4, -4, 1.5], rtol=1e-15)

    def test_the_constant_counts_dimensions(self):
        """At the mean with unit variance: −D/2 · log 2π. Kills: the constant once for all D, a mean over D."""
        for size in (1, 2, 7):
            zero, want = np.zeros((3, size)), -size / 2 * np.log(2 * np.pi)
            np.testing.assert_allclose(gaussian_log_density(zero, zero, zero), want, rtol=1e-15)

    def test_its_mean_is_minus_the_entropy(self):
        """E J = −½ Σ (1 + λ + log 2π), with two points of weight ½ an example, μ ± σ, which have the right second
        moment. Kills: the sign of λ, λ not halved."""
        mean, logvar = np.array([[0.5, -1.25, 2.0]]), np.array([[0.7, -1.1, 0.3]])
        ends = [gaussian_log_density(mean + s * np.exp(logvar / 2), mean, logvar) for s in (-1, 1)]
        np.testing.assert_allclose(sum(ends) / 2, -np.sum(1 + logvar + np.log(2 * np.pi), axis=1) / 2, rtol=1e-14)

    def test_best_variance_is_the_squared_distance(self):
        """λ = log (x − μ)² has no gradient, others have one towards it. Kills: an optimum elsewhere."""
        x, mean = np.array([[2.0, -0.5, 0.25]]), np.array([[1.0, 1.5, 0.0]])
        best = np.log((x - mean) ** 2)
        for by, sign in ((0.0, 0), (0.125, -1), (-0.125, 1)):
            grad = gaussian_log_density.vjp(x, mean, best + by)[1](np.ones(1))["logvar"]
            np.testing.assert_array_equal(np.sign(np.round(grad, 14)), np.full((1, 3), sign))

    def test_nearly_right_variance_keeps_its_digits(self):
        """r = 1 + δ: λ_bar = δ + δ²/2 for δ = 2⁻³⁰. Kills: r² − 1 from a rounded square (wrong in the ninth digit)."""
        δ = 2.0**-30
        grad = gaussian_log_density.vjp(one(1 + δ), one(0), one(0))[1](np.ones(1))["logvar"]
        np.testing.assert_allclose(grad, one(δ + δ**2 / 2), rtol=4e-16)

    def test_the_unit_of_length(self, rng):
        """Everything doubled and moved: J falls by D log 2. Kills: a density that does not transform as one."""
        x, mean, logvar = rng.normal(size=(3, 4, 5))
        moved = gaussian_log_density(2 * x + 1, 2 * mean + 1, logvar + np.log(4))
        np.testing.assert_allclose(moved, gaussian_log_density(x, mean, logvar) - 5 * np.log(2), rtol=1e-13)

    @pytest.mark.parametrize(("logvar", "apart"), [
        (-2000, 2.0**-1074), (-1500, 1e-300), (-1480, 2.0**-1074), (-1380, 1e-299), (1380, 1e300),
    ])
    def test_scales_beyond_the_range_of_the_precision(self, logvar, apart):
        """1/σ from e^{−690} to e^{1000}: value and λ_bar are finite. Kills: (x − μ)²/σ², e^{−λ/2} alone, λ clipped."""
        r = np.exp(np.log(apart) - logvar / 2)
        value, pullback = gaussian_log_density.vjp(one(apart), one(0), one(logvar))
        np.testing.assert_allclose(value, [-(r**2) / 2 - logvar / 2 - np.log(2 * np.pi) / 2], rtol=5e-13)
        with np.errstate(over="ignore"):  # the slope for x is beyond the range from λ = −1480 down
            np.testing.assert_allclose(pullback(np.ones(1))["logvar"], one((r**2 - 1) / 2), rtol=5e-13)
        nothing = pullback(np.zeros(1))
        assert not any(np.any(grad) for grad in nothing.values())  # 0 · ∞ would not be a number

    def test_slopes_beyond_the_range_of_the_precision(self):
        """x − μ = 2⁻¹⁰⁷⁴ and 1/σ = e^{725}, which overflows: x_bar = −2⁻¹⁰⁷⁴ e^{1450} = −3·10³⁰⁶. Kills: one factor
        1/σ."""
        x_bar = gaussian_log_density.vjp(one(2.0**-1074), one(0), one(-1450))[1](np.ones(1))["x"]
        np.testing.assert_allclose(np.log(-x_bar), one(1450 - 1074 * np.log(2)), rtol=1e-15)
