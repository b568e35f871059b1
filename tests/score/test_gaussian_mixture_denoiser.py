"""The posterior mean and covariance of x_0 under a Gaussian mixture."""

import numpy as np
import pytest

from refdgm.score.gaussian_mixture_denoiser import gaussian_mixture_denoiser, gaussian_mixture_posterior_covariance

from ..kit import verify
from .mixtures import (
    COVARIANCES,
    FACTORS,
    LOGITS,
    MEANS,
    MIXTURE,
    POINTS,
    SIGMA,
    WEIGHTS,
    A,
    density,
    differences,
    posterior,
)

TestGaussianMixtureDenoiser = verify(gaussian_mixture_denoiser)
TestGaussianMixturePosteriorCovariance = verify(gaussian_mixture_posterior_covariance)


class TestLaws:
    def test_bayes_by_quadrature(self):
        """E[x_0 | x] and Cov[x_0 | x] by integrals over x_0, with no formula of a posterior. Kills: any Tweedie with
        σ for σ², without 1/a, with the score's sign; a covariance without the spread of the means."""
        for x in POINTS[:3]:
            mean = posterior(x, lambda z: z)
            second = posterior(x, lambda z: z[:, :, None] * z[:, None, :])
            got = gaussian_mixture_denoiser(x[None], *MIXTURE)
            np.testing.assert_allclose(got[0], mean, rtol=1e-9, atol=1e-10)
            got = gaussian_mixture_posterior_covariance(x[None], *MIXTURE)
            np.testing.assert_allclose(got[0], second - np.outer(mean, mean), rtol=1e-8, atol=1e-9)

    def test_tweedie(self):
        """a m = x + σ² ∇p/p, ∇p by differences of SciPy's density. Kills: m for a m, x − σ² s."""
        slope = differences(density, POINTS) / density(POINTS)[:, None]
        got = gaussian_mixture_denoiser(POINTS, *MIXTURE)
        np.testing.assert_allclose(A * got, POINTS + SIGMA**2 * slope, rtol=1e-8)

    def test_pullback_is_the_covariance(self, rng):
        """x_bar = (a/σ²) Cov m_bar, Cov by quadrature over x_0. Kills: the spread of the means, or a, left out."""
        bar = rng.normal(size=(1, 2))
        x = POINTS[:1]
        mean = posterior(x[0], lambda z: z)
        covariance = posterior(x[0], lambda z: z[:, :, None] * z[:, None, :]) - np.outer(mean, mean)
        _, pullback = gaussian_mixture_denoiser.vjp(x, *MIXTURE)
        np.testing.assert_allclose(pullback(bar)["x"], A / SIGMA**2 * bar @ covariance, rtol=1e-8)

    def test_pure_noise_tells_nothing(self):
        """a = 0: the prior's mean and covariance at every x, and no gradient. Kills: a division by a."""
        args = LOGITS, MEANS, FACTORS, 0.0, SIGMA
        mean = WEIGHTS @ MEANS
        spread = np.tensordot(WEIGHTS, COVARIANCES + MEANS[:, :, None] * MEANS[:, None, :], axes=1)
        got, pullback = gaussian_mixture_denoiser.vjp(POINTS, *args)
        np.testing.assert_allclose(got, np.broadcast_to(mean, (5, 2)), rtol=1e-13)
        np.testing.assert_array_equal(pullback(np.ones((5, 2)))["x"], 0)
        want = np.broadcast_to(spread - np.outer(mean, mean), (5, 2, 2))
        np.testing.assert_allclose(gaussian_mixture_posterior_covariance(POINTS, *args), want, rtol=1e-13)

    def test_no_noise_tells_all(self):
        """σ → 0 with covariances of full rank: m → x/a and Cov → (σ²/a²) I, to the order σ². Kills: σ² without 1/a²."""
        sigma = 1e-5
        args = LOGITS, MEANS, FACTORS, A, sigma
        np.testing.assert_allclose(gaussian_mixture_denoiser(POINTS, *args), POINTS / A, atol=1e-7)
        got = gaussian_mixture_posterior_covariance(POINTS, *args)
        np.testing.assert_allclose(got * (A / sigma) ** 2, np.broadcast_to(np.eye(2), (5, 2, 2)), atol=1e-6)

    def test_very_little_noise(self):
        """σ = 1e-12: m = x/a and x_bar = m_bar/a to the last digits. Kills: (m_k − m)²/σ² from rounded m_k, which is
        1e-8 of the answer here."""
        bar = np.array([[0.3, -1.7]])
        m, pullback = gaussian_mixture_denoiser.vjp(POINTS[:1], LOGITS, MEANS, FACTORS, A, 1e-12)
        np.testing.assert_allclose(m, POINTS[:1] / A, rtol=1e-15)
        np.testing.assert_allclose(pullback(bar)["x"], bar / A, rtol=1e-14)

    def test_points(self):
        """F = 0: the optimal denoiser of a data set, a softmax of distances to a μ_k; the covariance is that of the
        weighted points. Kills: P_k that inverts F, distances to μ_k."""
        apart = A * MEANS[None] - POINTS[:, None]
        mass = np.exp(LOGITS - np.sum(apart**2, axis=2) / (2 * SIGMA**2))
        mass = mass / np.sum(mass, axis=1, keepdims=True)
        mean = mass @ MEANS
        args = LOGITS, MEANS, 0 * FACTORS, A, SIGMA
        np.testing.assert_allclose(gaussian_mixture_denoiser(POINTS, *args), mean, rtol=1e-12)
        off = MEANS[None] - mean[:, None]
        want = np.sum(mass[:, :, None, None] * off[:, :, :, None] * off[:, :, None, :], axis=1)
        np.testing.assert_allclose(gaussian_mixture_posterior_covariance(POINTS, *args), want, rtol=1e-11, atol=1e-14)

    @pytest.mark.parametrize("stretch", [(2.0**30, 1.0, 2.0**-10), (2.0**-10, 2.0**20, 1.0)])
    def test_factors_of_very_unequal_rows(self, stretch):
        """F = diag(s) Q with orthogonal rows in Q, Q Qᵀ = 9 I: one component's covariance is the diagonal of 9s²/(9s² +
        1), and its other entries, in units of the diagonal, are zero. Kills: rows made orthonormal once (1e-8 here)."""
        s = np.asarray(stretch)
        factor = s[:, None] * np.array([[1.0, 2.0, 2.0], [2.0, 1.0, -2.0], [2.0, -2.0, 1.0]])
        args = POINTS[:1] @ np.ones((2, 3)), np.zeros(1), np.zeros((1, 3)), factor[None], 1.0, 1.0
        want = 9 * s**2 / (9 * s**2 + 1)
        got = gaussian_mixture_posterior_covariance(*args)[0] / np.sqrt(want[:, None] * want)
        np.testing.assert_allclose(got, np.eye(3), rtol=1e-14, atol=1e-14)

    @pytest.mark.parametrize("x", [1.5, -1.5])
    def test_points_near_zero_far_from_x(self, x):
        """Means of 1e-6 and 3e-6: m and its spread keep their digits. Kills: (x + c)/a and (c_k − c)/a where their
        terms are a million times their sum, be it by a line that does not look at m, or at a sign."""
        means = np.array([[1e-6], [3e-6]])
        args = np.array([[x]]), np.zeros(2), means, np.zeros((2, 1, 1)), 1.0, 1.0
        first = 1 / (1 + np.exp(np.diff(x * means[:, 0] - means[:, 0] ** 2 / 2)))
        np.testing.assert_allclose(gaussian_mixture_denoiser(*args), [3e-6 - 2e-6 * first], rtol=1e-13)
        got = gaussian_mixture_posterior_covariance(*args)
        np.testing.assert_allclose(got, [[4e-12 * first * (1 - first)]], rtol=1e-13)

    @pytest.mark.parametrize("x", [1e-6, -1e-6])
    def test_x_near_zero_far_from_the_mean(self, x):
        """σ = 1e-9: m = x, to the last digits. Kills: μ + a P (x − a μ) where its terms are a million times their sum,
        as by a line that looks at the sign of m."""
        args = np.array([[x]]), np.zeros(1), np.ones((1, 1)), np.ones((1, 1, 1)), 1.0, 1e-9
        np.testing.assert_allclose(gaussian_mixture_denoiser(*args), [[x]], rtol=1e-11)
