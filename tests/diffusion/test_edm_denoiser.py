"""The denoiser that an EDM network makes of a noised point."""

import numpy as np
import pytest

from refdgm.diffusion.edm_denoiser import edm_denoiser

from ..kit import verify

TestEdmDenoiser = verify(edm_denoiser)

SIGMA = np.array([0.002, 0.3, 0.5, 7.0, 80.0])
X = np.linspace(-2, 3, 30).reshape(5, 3, 2)
F = np.cos(7 * X)


class TestLaws:
    @pytest.mark.parametrize("data", [0.5, 1.0, 16.0])
    def test_without_the_network_it_is_the_posterior_mean(self, data):
        """Data N(0, σ_d²): x₀ given x has the precision 1/σ_d² + 1/σ² and the mean (x/σ²) over it. Kills: the share of
        the noise, a residual connection, x scaled as for the network, another σ_d."""
        precision = 1 / data**2 + 1 / SIGMA**2
        want = X / (SIGMA**2 * precision)[:, None, None]
        np.testing.assert_allclose(edm_denoiser(X, 0 * X, SIGMA, data), want, rtol=1e-14)

    def test_the_score_of_gaussian_data(self):
        """(D − x)/σ² = −x/(σ² + σ_d²) where F = 0. Kills: the same, in another form; needs σ not far below σ_d."""
        each = SIGMA[1:, None, None]
        got = (edm_denoiser(X[1:], 0 * X[1:], SIGMA[1:], 0.5) - X[1:]) / each**2
        np.testing.assert_allclose(got, -X[1:] / (each**2 + 0.25), rtol=1e-12)

    @pytest.mark.parametrize("variance", [0.04, 2.0])
    def test_the_best_network_for_other_gaussian_data(self, variance):
        """Data N(0, v) have D = v x/(v + σ²): the network that gives this, F = (v/(v + σ²) − c_skip) x/c_out, is linear
        in c_in x with a slope that is at most of the order of √v/σ_d. Kills: c_out of another power or sign."""
        each = SIGMA[:, None, None]
        r = np.sqrt(each**2 + 0.25)
        slope = each * (variance - 0.25) / (0.5 * (variance + each**2) * r)  # by hand, of F in x
        got = edm_denoiser(X, slope * X, SIGMA, 0.5)
        np.testing.assert_allclose(got, variance * X / (variance + each**2), rtol=1e-12)

    def test_far_below_and_far_above_the_data(self):
        """σ → 0: x + σ F; σ → ∞: σ_d F. Kills: weights exchanged, σ for c_out."""
        np.testing.assert_allclose(edm_denoiser(X, F, np.full(5, 1e-9), 0.5), X + 1e-9 * F, rtol=1e-14, atol=1e-16)
        np.testing.assert_allclose(edm_denoiser(X, F, np.full(5, 1e12), 0.5), 0.5 * F, rtol=1e-11)

    def test_at_a_triangle(self):
        """σ = 3, σ_d = 4: D = 16/25 x + 12/5 F; x = (5, 10), F = (1, −2), D_bar = (1, 2) and both again. By hand
        ⟨D_bar, x⟩ = 25, ⟨D_bar, F⟩ = −3, σ_bar = −25·96/625 − 3·64/125, of σ_d twice 25·72/625 − 3·27/125. Kills: each
        factor, power and sign, a mean for a sum."""
        x, output = np.array([[5.0, 10.0], [5.0, 10.0]]), np.array([[1.0, -2.0], [1.0, -2.0]])
        value, pullback = edm_denoiser.vjp(x, output, np.array([3.0, 3.0]), 4.0)
        bar = np.array([[1.0, 2.0], [1.0, 2.0]])
        grads = pullback(bar)
        np.testing.assert_allclose(value, [[3.2 + 2.4, 6.4 - 4.8]] * 2, rtol=1e-14)
        np.testing.assert_allclose(grads["x"], 0.64 * bar, rtol=1e-15)
        np.testing.assert_allclose(grads["output"], 2.4 * bar, rtol=1e-15)
        np.testing.assert_allclose(grads["sigma"], [-25 * 96 / 625 - 3 * 64 / 125] * 2, rtol=1e-14)
        np.testing.assert_allclose(grads["sigma_data"], 2 * (25 * 72 / 625 - 3 * 27 / 125), rtol=1e-14)

    def test_gradients_by_homogeneity(self, rng):
        """Euler: D has degree one in x, σ and σ_d together, at a fixed F, and is linear in x and F. Kills: σ_bar
        without one of its parts, a detached argument."""
        bar = rng.normal(size=X.shape)
        value, pullback = edm_denoiser.vjp(X, F, SIGMA, 0.5)
        grads = pullback(bar)
        got = np.sum(grads["x"] * X) + np.sum(grads["sigma"] * SIGMA) + 0.5 * grads["sigma_data"]
        np.testing.assert_allclose(got, np.sum(bar * value), rtol=1e-12)
        linear = np.sum(grads["x"] * X) + np.sum(grads["output"] * F)
        np.testing.assert_allclose(linear, np.sum(bar * value), rtol=1e-12)

    def test_examples_keep_their_levels(self):
        """Each example alone, where there are as many examples as components. Kills: levels along components, the level
        of another example."""
        x, output, sigma = X[:3, :, 0], F[:3, :, 0], SIGMA[1:4]
        together = edm_denoiser(x, output, sigma, 0.5)
        for b in range(3):
            r = np.hypot(sigma[b], 0.5)
            np.testing.assert_allclose(together[b], (0.5 / r) ** 2 * x[b] + sigma[b] * 0.5 / r * output[b], rtol=1e-14)
