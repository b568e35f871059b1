"""The objective of an EDM network."""

import numpy as np
import pytest

from refdgm.diffusion.edm_loss import edm_loss

from ..kit import verify

TestEdmLoss = verify(edm_loss)

SIGNS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])  # (x0, ε): all moments of a quadratic
LEVELS = [1e-9, 0.002, 0.3, 0.5, 7.0, 80.0, 1e9]


def at_levels(sigma, size):
    return np.full(size, float(sigma))


class TestLaws:
    @pytest.mark.parametrize("data", [0.5, 1.0, 16.0])
    @pytest.mark.parametrize("sigma", [0.3, 0.5, 7.0, 80.0])
    def test_it_is_the_weighted_error_of_the_denoised_point(self, rng, sigma, data):
        """(1), written out. Kills: no weight, another weight, a target of another network, another σ_d in one place."""
        output, x0, eps = rng.normal(size=(3, 2, 5))
        total = sigma**2 + data**2
        denoised = data**2 / total * (x0 + sigma * eps) + sigma * data / np.sqrt(total) * output
        want = total / (sigma * data) ** 2 * np.sum((denoised - x0) ** 2, axis=1)
        np.testing.assert_allclose(edm_loss(output, x0, eps, at_levels(sigma, 2), data), want, rtol=1e-11)

    @pytest.mark.parametrize("data", [0.5, 1.0, 16.0])
    @pytest.mark.parametrize("sigma", LEVELS)
    def test_all_levels_count_alike(self, sigma, data):
        """At F = 0 the mean over data of variance σ_d² is one, at every level. Kills: any weight, x₀/σ_d without s, σ_d
        differing, noise in units of the data."""
        value = edm_loss(np.zeros((4, 1)), data * SIGNS[:, :1], SIGNS[:, 1:], at_levels(sigma, 4), data)
        np.testing.assert_allclose(np.mean(value), 1, rtol=1e-14)

    @pytest.mark.parametrize("sigma", LEVELS)
    def test_what_cannot_be_learnt(self, sigma):
        """Data N(0, v): the best F is E(y x)/E(x²) x, and what is left of its loss is v σ²/(v + σ²)/c_out², the
        posterior variance in units of c_out. Kills: a target of the right variance that does not go with x."""
        v, data = 0.81, 0.5
        x0, eps = np.sqrt(v) * SIGNS[:, :1], SIGNS[:, 1:]
        r = np.sqrt(sigma**2 + data**2)
        slope = sigma * (v - data**2) / (data * (v + sigma**2) * r)
        value = edm_loss(slope * (x0 + sigma * eps), x0, eps, at_levels(sigma, 4), data)
        np.testing.assert_allclose(np.mean(value), v / (v + sigma**2) * r**2 / data**2, rtol=1e-12)

    def test_at_a_triangle(self):
        """σ = 3, σ_d = 4: y = 3/20 x₀ − 4/5 ε = (3, −4) for x₀ = (20, 0), ε = (0, 5); F = (5, −1): J = 4 + 9 and
        F_bar = 2 (2, 3). Kills: every factor and sign, the 2, a mean."""
        value, pullback = edm_loss.vjp(np.array([[5.0, -1.0]] * 2), np.array([[20.0, 0.0]] * 2),
                                       np.array([[0.0, 5.0]] * 2), np.array([3.0, 3.0]), 4.0)
        np.testing.assert_allclose(value, [13, 13], rtol=1e-14)
        np.testing.assert_allclose(pullback(np.array([1.0, 10.0]))["output"], [[4, 6], [40, 60]], rtol=1e-14)

    def test_far_below_and_far_above_the_data(self, rng):
        """σ → 0: ‖F + ε‖²; σ → ∞: ‖F − x₀/σ_d‖². Kills: the error of D itself, which at σ = 1e-18 has no F in it, and
        its weight, which is 1e36 there."""
        output, x0, eps = rng.normal(size=(3, 2, 5))
        low, high = (edm_loss(output, x0, eps, at_levels(sigma, 2), 0.5) for sigma in (1e-18, 1e18))
        np.testing.assert_allclose(low, np.sum((output + eps) ** 2, axis=1), rtol=1e-14)
        np.testing.assert_allclose(high, np.sum((output - x0 / 0.5) ** 2, axis=1), rtol=1e-14)

    def test_components_add(self):
        """Six equal components are six times one, in whatever shape. Kills: the mean over components."""
        for shape in ((6,), (2, 3), (1, 2, 3)):
            output, x0, eps = np.full((2, *shape), 5.0), np.full((2, *shape), 20.0), np.zeros((2, *shape))
            np.testing.assert_allclose(edm_loss(output, x0, eps, at_levels(3, 2), 4.0), [24, 24], rtol=1e-14)
        one = np.array([5.0, 5.0]), np.array([20.0, 20.0]), np.zeros(2)
        np.testing.assert_allclose(edm_loss(*one, at_levels(3, 2), 4.0), [4, 4], rtol=1e-14)


def test_float32_at_small_levels(rng):
    """The usual form in float32 has no digit of F at σ = 1e-6."""
    arrays = rng.normal(size=(3, 2, 5)).astype(np.float32)
    sigma, data = np.array([1e-6, 0.002], np.float32), np.float32(0.5)
    got = edm_loss(*arrays, sigma, data)
    want = edm_loss(*arrays.astype(float), sigma.astype(float), float(data))
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, want, rtol=2e-6)
