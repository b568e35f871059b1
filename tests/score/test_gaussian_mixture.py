"""A Gaussian mixture under noising: log-density, score and Hessian."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from refdgm.numerics.whitening import whitening
from refdgm.score.gaussian_mixture import (
    gaussian_mixture_hessian,
    gaussian_mixture_log_density,
    gaussian_mixture_score,
)

from ..kit import verify
from .mixtures import FACTORS, LOGITS, MEANS, MIXTURE, POINTS, SIGMA, A, density, differences

TestGaussianMixtureLogDensity = verify(gaussian_mixture_log_density)
TestGaussianMixtureScore = verify(gaussian_mixture_score)
TestGaussianMixtureHessian = verify(gaussian_mixture_hessian)

one_component = pytest.mark.parametrize("a, sigma", [(0.7, 0.6), (-1.3, 0.25), (0.0, 2.0)])


def single(a, sigma):
    """One component: its logit says nothing."""
    covariance = a**2 * FACTORS[1] @ FACTORS[1].T + sigma**2 * np.eye(2)
    return (np.array([5.0]), MEANS[1:2], FACTORS[1:2], a, sigma), a * MEANS[1], covariance


class TestLaws:
    def test_scipy(self):
        """The log-density by SciPy's normal densities. Kills: unnormalised weights, a Σ for a² Σ, Fᵀ F for F Fᵀ, σ for
        σ², log det without ½, (2π)^{1/2} for (2π)^{D/2}."""
        got = gaussian_mixture_log_density(POINTS, *MIXTURE)
        np.testing.assert_allclose(got, np.log(density(POINTS)), rtol=1e-12)

    def test_mass(self):
        """∫ p = 1 in 1-D, by the trapezoidal rule. Kills: any constant in the log-density."""
        x = np.linspace(-30, 30, 6001)[:, None]
        args = np.array([0.2, -1.0]), np.array([[2.0], [-1.5]]), np.array([[[0.4]], [[-1.1]]]), -0.8, 0.5
        p = np.exp(gaussian_mixture_log_density(x, *args))
        np.testing.assert_allclose(np.sum(p) * (x[1, 0] - x[0, 0]), 1, rtol=1e-12)

    def test_smoothing_at_many_scales(self):
        """With a = 1 and factors of zero the mixture is data smoothed by N(0, σ²): the convolution by quadrature, and
        smoothing by σ₁ and then by σ₂ is smoothing by √(σ₁² + σ₂²). Kills: levels that add up, σ for σ²."""
        data, first, second = np.array([[-1.2], [0.4], [0.9]]), 0.3, 0.8
        points = np.linspace(-2, 2, 9)[:, None]
        smoothed = lambda x, sigma: np.exp(gaussian_mixture_log_density(x, np.zeros(3), data, np.zeros((3, 1, 1)), 1.0,
                                                                        sigma))
        np.testing.assert_allclose(
            smoothed(points, first), np.mean(np.exp(-((points - data.T) ** 2) / (2 * first**2)), axis=1)
            / np.sqrt(2 * np.pi * first**2), rtol=1e-13)
        y = np.linspace(-9, 9, 3601)
        kernel = np.exp(-((points - y) ** 2) / (2 * second**2)) / np.sqrt(2 * np.pi * second**2)
        twice = kernel @ smoothed(y[:, None], first) * (y[1] - y[0])
        np.testing.assert_allclose(smoothed(points, np.hypot(first, second)), twice, rtol=1e-12)

    def test_differences_of_scipy_s_density(self):
        """s = ∇p/p and ∇s by differences. Kills: prior weights for posterior ones, a Hessian without ggᵀ or with it
        uncentred, the sign of a μ − x."""
        slope = differences(density, POINTS) / density(POINTS)[:, None]
        np.testing.assert_allclose(gaussian_mixture_score(POINTS, *MIXTURE), slope, rtol=1e-8)
        bend = differences(lambda x: differences(density, x, 1e-3), POINTS, 1e-3) / density(POINTS)[:, None, None]
        want = bend - slope[:, :, None] * slope[:, None, :]
        np.testing.assert_allclose(gaussian_mixture_hessian(POINTS, *MIXTURE), want, atol=1e-7)

    @one_component
    def test_one_component(self, a, sigma):
        """K = 1: s = −S⁻¹(x − aμ), ∇s = −S⁻¹, and log p of one normal law. a = 0 is pure noise."""
        args, centre, covariance = single(a, sigma)
        precision = np.linalg.inv(covariance)
        want = multivariate_normal(centre, covariance).logpdf(POINTS)
        np.testing.assert_allclose(gaussian_mixture_log_density(POINTS, *args), want, rtol=1e-12)
        np.testing.assert_allclose(gaussian_mixture_score(POINTS, *args), (centre - POINTS) @ precision, rtol=1e-11)
        hessian = gaussian_mixture_hessian(POINTS, *args)
        np.testing.assert_allclose(hessian, np.broadcast_to(-precision, (5, 2, 2)), rtol=1e-11, atol=1e-12)

    def test_pullback_of_the_score_is_the_hessian(self, rng):
        """x_bar = (∇s) s_bar, by the symmetric matrix itself. Kills: a sign, or r_k d_k without its centre, in one of
        them."""
        bar = rng.normal(size=POINTS.shape)
        _, pullback = gaussian_mixture_score.vjp(POINTS, *MIXTURE)
        bend = differences(lambda x: differences(density, x, 1e-3), POINTS, 1e-3) / density(POINTS)[:, None, None]
        slope = differences(density, POINTS) / density(POINTS)[:, None]
        want = np.sum((bend - slope[:, :, None] * slope[:, None, :]) * bar[:, None, :], axis=2)
        np.testing.assert_allclose(pullback(bar)["x"], want, atol=1e-6)

    def test_much_noise(self):
        """σ → ∞: −x/σ² and −I/σ², up to σ⁻². Kills: σ in place of σ² in S."""
        sigma = 1e4
        args = LOGITS, MEANS, FACTORS, A, sigma
        x = sigma * POINTS
        np.testing.assert_allclose(gaussian_mixture_score(x, *args) * sigma, -POINTS, rtol=0, atol=3e-4)
        np.testing.assert_allclose(gaussian_mixture_hessian(x, *args) * sigma**2 + np.eye(2), 0, atol=1e-6)

    def test_points(self):
        """F = 0 is a set of points: s is the softmax-weighted mean of (aμ_k − x)/σ², the score of an empirical law.

        Kills: a factor inverted, weights by the distance to μ_k where it is that to aμ_k.
        """
        apart = A * MEANS[None] - POINTS[:, None]
        mass = np.exp(LOGITS - np.sum(apart**2, axis=2) / (2 * SIGMA**2))
        want = np.sum(mass[:, :, None] * apart, axis=1) / np.sum(mass, axis=1)[:, None] / SIGMA**2
        got = gaussian_mixture_score(POINTS, LOGITS, MEANS, 0 * FACTORS, A, SIGMA)
        np.testing.assert_allclose(got, want, rtol=1e-12)

    def test_any_factor_of_the_covariance(self, rng):
        """F Q for an orthogonal Q, and logits with a constant added, are the same mixture. Kills: Fᵀ F, logits as
        log-weights."""
        turn, _ = np.linalg.qr(rng.normal(size=(2, 2)))
        other = LOGITS + 3.7, MEANS, FACTORS @ turn, A, SIGMA
        for ref in (gaussian_mixture_log_density, gaussian_mixture_score, gaussian_mixture_hessian):
            np.testing.assert_allclose(ref(POINTS, *other), ref(POINTS, *MIXTURE), rtol=1e-11, atol=1e-13)

    def test_digits_of_a_flat_component(self):
        """Σ = (1, 1)ᵀ(1, 1), σ = 2⁻²⁰: across it s = −x/σ² to 1e-12. Kills: the covariance formed, in which σ² is lost
        (1e-4 of the answer)."""
        sigma, x = 2.0**-20, np.array([[1.0, -1.0]]) * 2.0**-18
        factor = np.array([[[1.0, 0.0], [1.0, 0.0]]])
        args = np.zeros(1), np.zeros((1, 2)), factor, 1.0, sigma
        np.testing.assert_allclose(gaussian_mixture_score(x, *args), -x / sigma**2, rtol=1e-12)

    def test_twelve_nearly_dependent_rows(self):
        """Hilbert's matrix for a factor, σ = 1e-9: W (F, σI) is orthonormal to the last digits. Kills: one pass of Gram
        and Schmidt's method, which leaves 1e-8."""
        factors = 1 / (np.arange(12.0)[:, None] + np.arange(12.0) + 1)[None]
        wf, w = whitening(factors, np.asarray(1.0), np.asarray(1e-9))
        q = np.concatenate([wf[0], 1e-9 * w[0]], axis=1)
        np.testing.assert_allclose(q @ q.T, np.eye(12), atol=1e-14)

    def test_whitening(self, rng):
        """W S Wᵀ = I, W lower-triangular with a positive diagonal; seven dimensions, two of them empty."""
        factors = rng.normal(size=(3, 7, 7))
        factors[:, :, 5:] = 0
        wf, w = whitening(factors, np.asarray(-1.3), np.asarray(0.4))
        np.testing.assert_allclose(wf, w @ factors, atol=1e-13)
        s = 1.69 * factors @ np.swapaxes(factors, 1, 2) + 0.16 * np.eye(7)
        np.testing.assert_allclose(w @ s @ np.swapaxes(w, 1, 2), np.broadcast_to(np.eye(7), (3, 7, 7)), atol=1e-12)
        np.testing.assert_array_equal(w, np.tril(w))
        assert np.all(np.diagonal(w, axis1=1, axis2=2) > 0)
