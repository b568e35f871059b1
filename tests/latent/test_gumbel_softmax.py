"""Gumbel-max, Gumbel-softmax and the straight-through estimator."""

import numpy as np
import pytest

from refdgm.latent.gumbel_softmax import gumbel_max, gumbel_softmax, straight_through_gumbel_softmax

from ..kit import verify

TestGumbelMax = verify(gumbel_max)
TestGumbelSoftmax = verify(gumbel_softmax)
TestStraightThrough = verify(straight_through_gumbel_softmax)


def column(*numbers):
    return np.array(numbers)[:, None]


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


class TestLawsOfTheDraw:
    def test_frequencies_are_softmax(self):
        """P(k) = softmax(ℓ)_k, by the midpoint rule over the cube of uniforms: the integrand jumps, so right to a
        cell's edge.

        Kills: −log(−log u) with a sign lost (a Gumbel minimum), argmin, a noise that a temperature scales.
        """
        n, logits = 64, np.array([0.3, -0.9, 1.2])
        g = -np.log(-np.log((np.arange(n) + 0.5) / n))
        noise = np.stack(np.meshgrid(g, g, g, indexing="ij"), axis=-1).reshape(-1, 3)
        drawn = gumbel_max(np.broadcast_to(logits, noise.shape), noise)
        want = np.exp(logits) / np.sum(np.exp(logits))
        np.testing.assert_allclose(np.bincount(drawn, minlength=3) / n**3, want, atol=1 / n)

    def test_of_equals_the_first_wins(self):
        """Kills: the last one wins, as argmax over a reversed row or a ≥ in the loop would have it."""
        assert list(gumbel_max(np.array([[0.0, 2.0, 2.0], [1.0, 1.0, 1.0]]), np.zeros((2, 3)))) == [1, 0]


class TestLawsOfTheRelaxation:
    @pytest.mark.parametrize("tau", [0.3, 1.0, 2.5])
    def test_two_categories_are_one_logistic(self, rng, tau):
        """Kills: ℓ/τ + g (the noise not relaxed), τ multiplied instead of divided."""
        logits, g = rng.normal(size=(6, 2)), rng.gumbel(size=(6, 2))
        want = sigmoid((logits[:, 0] + g[:, 0] - logits[:, 1] - g[:, 1]) / tau)
        np.testing.assert_allclose(gumbel_softmax(logits, g, tau)[:, 0], want, rtol=1e-14)

    def test_quantiles_of_the_concrete_distribution(self):
        """With g = (logit u, 0), y₀ is the u-quantile, u = σ(τ logit x − a). Kills: τ on the noise alone."""
        x, a, tau = np.array([0.1, 0.5, 0.8]), 0.7, 0.6
        u = sigmoid(tau * np.log(x / (1 - x)) - a)
        g = np.stack([np.log(u / (1 - u)), np.zeros(3)], axis=1)
        logits = np.stack([np.full(3, a), np.zeros(3)], axis=1)
        np.testing.assert_allclose(gumbel_softmax(logits, g, tau)[:, 0], x, rtol=1e-13)

    def test_a_common_shift_changes_nothing(self, rng):
        """Kills: unnormalised weights, a Jacobian without its rank-one part (Σ_j ℓ_bar_j ≠ 0)."""
        logits, g, bar = rng.normal(size=(4, 5)), rng.gumbel(size=(4, 5)), rng.normal(size=(4, 5))
        y, pullback = gumbel_softmax.vjp(logits, g, 0.7)
        shifted = gumbel_softmax(logits + column(1.0, -2.0, 8.0, 0.5), g, 0.7)
        np.testing.assert_allclose(shifted, y, rtol=1e-13)
        np.testing.assert_allclose(np.sum(pullback(bar)["logits"], axis=1), 0, atol=1e-15)
        np.testing.assert_allclose(np.sum(y, axis=1), 1, rtol=1e-15)

    @pytest.mark.parametrize("relaxation", [gumbel_softmax, straight_through_gumbel_softmax], ids=lambda r: r.name)
    def test_scaling_all_of_u_and_tau_changes_nothing(self, rng, relaxation):
        """Euler's identity: τ τ_bar + ⟨ℓ_bar, ℓ + g⟩ = 0. Kills: τ_bar without 1/τ, with the sign lost, without the
        noise."""
        logits, g, bar = rng.normal(size=(4, 5)), rng.gumbel(size=(4, 5)), rng.normal(size=(4, 5))
        grads = relaxation.vjp(logits, g, 0.7)[1](bar)
        np.testing.assert_allclose(0.7 * grads["tau"], -np.sum(grads["logits"] * (logits + g)), rtol=1e-12)

    def test_gradient_of_two_categories(self):
        """dy₀/dℓ₀ = p(1 − p)/τ, dy₀/dτ = −p(1 − p) a/τ². Kills: 1/τ dropped, or applied twice."""
        a, tau = 0.8, 0.5
        p = sigmoid(a / tau)
        grads = gumbel_softmax.vjp(np.array([[a, 0.0]]), np.zeros((1, 2)), tau)[1](np.array([[1.0, 0.0]]))
        np.testing.assert_allclose(grads["logits"], p * (1 - p) / tau * np.array([[1, -1]]), rtol=1e-13)
        np.testing.assert_allclose(grads["tau"], -p * (1 - p) * a / tau**2, rtol=1e-13)

    def test_the_winner_keeps_its_digits_at_low_temperature(self):
        """dy₀/dℓ₀ = e^{−a/τ}/τ when a ≫ τ. Kills: y ∘ (y_bar − ⟨y_bar, y⟩) as it stands, which returns 0 there."""
        a, tau = 2.0, 0.05
        grads = gumbel_softmax.vjp(np.array([[a, 0.0]]), np.zeros((1, 2)), tau)[1](np.array([[1.0, 0.0]]))
        np.testing.assert_allclose(grads["logits"], np.exp(-a / tau) / tau * np.array([[1, -1]]), rtol=1e-13)

    def test_impossible_categories_are_exactly_zero(self):
        """ℓ = −∞ is a mask. Kills: 0 · ∞ in τ_bar."""
        y, pullback = gumbel_softmax.vjp(np.array([[0.5, -np.inf, 0.0]]), np.zeros((1, 3)), 0.5)
        grads = pullback(np.array([[1.0, 5.0, 0.0]]))
        p = sigmoid(1.0)
        np.testing.assert_allclose(y, [[p, 0, 1 - p]], rtol=1e-15)
        np.testing.assert_allclose(grads["logits"], [[p * (1 - p) / 0.5, 0, -p * (1 - p) / 0.5]], rtol=1e-13)
        np.testing.assert_allclose(grads["tau"], -p * (1 - p) * 0.5 / 0.25, rtol=1e-13)


class TestLawsOfTheStraightThroughEstimator:
    def test_hard_forwards_soft_backwards(self):
        """Kills: the relaxed value forwards, a zero gradient backwards, the gradient taken at the one-hot point."""
        a, tau = 0.8, 0.5
        p = sigmoid(a / tau)
        c, pullback = straight_through_gumbel_softmax.vjp(np.array([[a, 0.0]]), np.zeros((1, 2)), tau)
        np.testing.assert_array_equal(c, [[1, 0]])
        grads = pullback(np.array([[1.0, 0.0]]))
        np.testing.assert_allclose(grads["logits"], p * (1 - p) / tau * np.array([[1, -1]]), rtol=1e-13)
