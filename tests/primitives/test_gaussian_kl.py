"""Divergences of diagonal Gaussians."""

import numpy as np
import pytest

from refdgm.primitives.gaussian_kl import gaussian_kl, gaussian_kl_between

from ..kit import verify

TestGaussianKL = verify(gaussian_kl)
TestGaussianKLBetween = verify(gaussian_kl_between)

X = np.linspace(-40, 40, 20001)


def log_density(x, mean, logvar):
    return -((x - mean) ** 2) / (2 * np.exp(logvar)) - logvar / 2 - np.log(2 * np.pi) / 2


def by_quadrature(mean_q, logvar_q, mean_p, logvar_p):
    """∫ q (log q − log p), by the trapezoidal rule, which is exact to rounding for Gaussians."""
    log_q = log_density(X, mean_q, logvar_q)
    return np.sum(np.exp(log_q) * (log_q - log_density(X, mean_p, logvar_p))) * (X[1] - X[0])


class TestLaws:
    @pytest.mark.parametrize(("mean", "logvar"), [(0.0, 0.7), (1.5, -1.0), (-2.0, 1.5)])
    def test_to_the_standard_normal_by_quadrature(self, mean, logvar):
        """Kills: e^{2λ} or e^{λ/2} for the variance, +λ, −½ for −1, a missing ½."""
        got = gaussian_kl(np.array([[mean]]), np.array([[logvar]]))
        np.testing.assert_allclose(got, by_quadrature(mean, logvar, 0.0, 0.0), rtol=1e-12)

    @pytest.mark.parametrize("four", [(0.3, 0.7, -1.0, 0.2), (1.5, -1.0, 0.5, 1.0), (0.0, 1.2, 0.0, -0.5)], ids=str)
    def test_between_by_quadrature(self, four):
        """Kills: q and p exchanged, the mean's distance measured in σ_q."""
        got = gaussian_kl_between(*(np.array([[x]]) for x in four))
        np.testing.assert_allclose(got, by_quadrature(*four), rtol=1e-12)

    def test_gradients_at_a_point(self):
        """μ = 2, λ = log 3: (2, 1). To N(1, 2): μ_bar_q = ½, λ_bar_q = ¼, λ_bar_p = −½. Kills: e^λ/2 for (e^λ − 1)/2,
        signs."""
        grads = gaussian_kl.vjp(np.array([[2.0]]), np.log([[3.0]]))[1](np.ones(1))
        np.testing.assert_allclose(np.concatenate([grads["mean"], grads["logvar"]]), [[2], [1]], rtol=1e-15)
        args = np.array([[2.0]]), np.log([[3.0]]), np.array([[1.0]]), np.log([[2.0]])
        grads = gaussian_kl_between.vjp(*args)[1](np.ones(1))
        got = [float(grads[name][0, 0]) for name in gaussian_kl_between.wrt]
        np.testing.assert_allclose(got, [0.5, 0.25, -0.5, -0.5], rtol=1e-14)

    def test_zero_exactly_where_they_agree(self, rng):
        """Kills: e^λ − 1 − λ + rounding, a constant left over."""
        value, pullback = gaussian_kl.vjp(np.zeros((2, 3)), np.zeros((2, 3)))
        assert not np.any(value) and not any(np.any(x) for x in pullback(np.ones(2)).values())
        mean, logvar = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
        value, pullback = gaussian_kl_between.vjp(mean, logvar, mean, logvar)
        assert not np.any(value) and not any(np.any(x) for x in pullback(np.ones(2)).values())

    def test_quadratic_near_zero(self):
        """λ²/4 + λ³/12 for λ = ±10⁻⁶. Kills: the three terms added as they stand (wrong in the fourth digit)."""
        logvar = np.array([[1e-6], [-1e-6]])
        want = logvar[:, 0] ** 2 / 4 + logvar[:, 0] ** 3 / 12
        np.testing.assert_allclose(gaussian_kl(np.zeros((2, 1)), logvar), want, rtol=1e-12)
        zero = np.zeros((2, 1))
        np.testing.assert_allclose(gaussian_kl_between(zero, 3 + logvar, zero, zero + 3), want, rtol=1e-9)

    def test_asymmetric(self):
        """N(0, 1) and N(0, 4), both ways. Kills: a symmetrised divergence."""
        zero, narrow, wide = np.zeros((1, 1)), np.zeros((1, 1)), np.log([[4.0]])
        np.testing.assert_allclose(gaussian_kl_between(zero, narrow, zero, wide), (np.log(4) - 0.75) / 2, rtol=1e-14)
        np.testing.assert_allclose(gaussian_kl_between(zero, wide, zero, narrow), (3 - np.log(4)) / 2, rtol=1e-14)

    def test_dimensions_add(self):
        """D equal dimensions are D times one: for μ = 1, λ = 0 it is D/2. Kills: the mean over D."""
        ones, zeros = np.ones((1, 6)), np.zeros((1, 6))
        assert gaussian_kl(ones, zeros) == 3
        assert gaussian_kl_between(ones, zeros, zeros, zeros) == 3

    def test_the_unit_of_length_does_not_matter(self, rng):
        """Both rescaled by 2 and moved by 1: the same number. Kills: 1/σ_p for 1/σ_p²."""
        mean_q, logvar_q, mean_p, logvar_p = rng.normal(size=(4, 3, 2))
        moved = 2 * mean_q + 1, logvar_q + np.log(4), 2 * mean_p + 1, logvar_p + np.log(4)
        here = gaussian_kl_between(mean_q, logvar_q, mean_p, logvar_p)
        np.testing.assert_allclose(gaussian_kl_between(*moved), here, rtol=1e-13)

    @pytest.mark.parametrize(("logvar", "apart"), [
        (-2000, 2.0**-1074), (-1500, 1e-300), (-1425, 1e-305), (-1380, 1e-299), (1380, 1e300),
    ])
    def test_scales_beyond_the_range_of_the_precision(self, logvar, apart):
        """Equal variances, 1/σ_p from e^{−690} to e^{1000}: J = ½ r² and λ_bar_p = −½ r². Kills: e^{−λ_p/2} alone."""
        one, r = (lambda x: np.full((1, 1), float(x))), np.exp(np.log(apart) - logvar / 2)
        value, pullback = gaussian_kl_between.vjp(one(apart), one(logvar), one(0), one(logvar))
        np.testing.assert_allclose(value, [r**2 / 2], rtol=5e-13)
        with np.errstate(over="ignore"):  # the slopes for the means are beyond the range from λ = −1480 down
            grads = pullback(np.ones(1))
        np.testing.assert_allclose(grads["logvar_p"], one(-(r**2) / 2), rtol=5e-13)
        np.testing.assert_array_equal(grads["logvar_q"], 0)
        assert not any(np.any(grad) for grad in pullback(np.zeros(1)).values())  # 0 · ∞ would not be a number
