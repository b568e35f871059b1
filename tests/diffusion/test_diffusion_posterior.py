"""One step back, given the data."""

import numpy as np
import pytest

from refdgm.diffusion.diffusion_posterior import diffusion_posterior

from ..kit import verify

TestDiffusionPosterior = verify(diffusion_posterior)

BETA, PREV = np.array([0.1, 0.36, 0.02, 0.75]), np.array([0.9, 0.5, 0.0004, 0.25])


class TestLaws:
    def test_by_conditioning_a_joint_gaussian(self, rng):
        """(x_{t−1}, x_t) given x₀ is Gaussian with covariance [[c′, √α c′], [√α c′, α c′ + β]]: regression of one on
        the other. Kills: ᾱ_t for ᾱ_{t−1}, α for ᾱ, a missing root, the two coefficients exchanged."""
        xt, x0 = rng.normal(size=(2, 4, 3))
        mean, variance = diffusion_posterior(xt, x0, BETA, PREV)
        for b in range(4):
            before, alpha = 1 - PREV[b], 1 - BETA[b]
            slope = np.sqrt(alpha) * before / (alpha * before + BETA[b])
            rest = xt[b] - np.sqrt(alpha * PREV[b]) * x0[b]
            np.testing.assert_allclose(mean[b], np.sqrt(PREV[b]) * x0[b] + slope * rest, rtol=1e-12, atol=1e-14)
            np.testing.assert_allclose(variance[b], before - slope * np.sqrt(alpha) * before, rtol=1e-11)

    def test_the_marginal_comes_back(self, rng):
        """Averaged over q(x_t | x₀), the posterior is q(x_{t−1} | x₀): mean √ᾱ_{t−1} x₀, variance 1 − ᾱ_{t−1}. Noise
        of ±1 has the two moments. Kills: β for β_tilde, any coefficient."""
        x0 = rng.normal(size=(4, 1))
        after = (1 - BETA) * PREV
        up, down = (np.sqrt(after)[:, None] * x0 + s * np.sqrt(1 - after)[:, None] for s in (1, -1))
        (above, variance), (below, _) = (diffusion_posterior(xt, x0, BETA, PREV) for xt in (up, down))
        np.testing.assert_allclose((above + below) / 2, np.sqrt(PREV)[:, None] * x0, rtol=1e-12)
        np.testing.assert_allclose(((above - below) ** 2 / 4)[:, 0] + variance, 1 - PREV, rtol=1e-12)

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_the_first_step(self, rng, dtype):
        """t = 1, where ᾱ_0 = 1: the mean is x₀ and the variance zero, exactly (in float32 the naive
        coefficient of x₀ is 0.9998). Kills: 1 − ᾱ_t as a difference, a small number added to the variance."""
        xt, x0 = rng.normal(size=(2, 3, 2)).astype(dtype)
        beta = np.array([1e-4, 0.1, 0.9], dtype)
        mean, variance = diffusion_posterior(xt, x0, beta, np.ones(3, dtype))
        np.testing.assert_array_equal(mean, x0)
        np.testing.assert_array_equal(variance, 0 * beta)

    def test_the_variance_is_below_both(self):
        """1/β_tilde = 1/(1 − ᾱ_{t−1}) + α/β, so that β_tilde < β andβ_tilde < 1 − ᾱ_{t−1}. Kills: β_tilde upside
        down."""
        x = np.zeros((4, 1))
        _, variance = diffusion_posterior(x, x, BETA, PREV)
        np.testing.assert_allclose(1 / variance, 1 / (1 - PREV) + (1 - BETA) / BETA, rtol=1e-12)

    def test_a_known_slope(self):
        """β = ½, ᾱ_{t−1} = ½: c = ¾, so β_tilde = ⅓ with dβ_tilde/dβ = (c′/c)² = 4/9 and dβ_tilde/dᾱ_{t−1} = −(β/c)² =
        −4/9."""
        x = np.zeros((1, 1))
        _, pullback = diffusion_posterior.vjp(x, x, np.array([0.5]), np.array([0.5]))
        grads = pullback(variance_bar=np.ones(1))
        np.testing.assert_allclose([grads["beta"][0], grads["alpha_prod_prev"][0]], [4 / 9, -4 / 9], rtol=1e-15)
