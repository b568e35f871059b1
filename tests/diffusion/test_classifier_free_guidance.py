"""Guidance by a classifier, and without one."""

import numpy as np
import pytest

from refdgm.diffusion.classifier_free_guidance import classifier_free_guidance
from refdgm.diffusion.classifier_guidance import classifier_guidance

from ..kit import verify

TestClassifierFreeGuidance = verify(classifier_free_guidance)
TestClassifierGuidance = verify(classifier_guidance)


class TestLaws:
    def test_the_ends(self, rng):
        """γ = 0 is the unconditional model, γ = 1 the conditional one. Kills: (1 + w)ε_c − wε_u, the two exchanged."""
        eps_cond, eps_uncond = rng.normal(size=(2, 3, 4))
        np.testing.assert_array_equal(classifier_free_guidance(eps_cond, eps_uncond, 0.0), eps_uncond)
        got = classifier_free_guidance(eps_cond, eps_uncond, 1.0)
        np.testing.assert_allclose(got, eps_cond, rtol=0, atol=1e-15)

    @pytest.mark.parametrize("gamma", [-0.5, 0.4, 1.0, 3.0])
    def test_bayes_for_gaussians(self, gamma):
        """Prior N(0, 1), x|y ~ N(m, v): the guided score is that of p(y|x)^γ p(x), a Gaussian of precision
        γ/v + 1 − γ; ε = −σ · score. Kills: γ − 1 in place of γ, γ on the wrong model, the score's sign.
        """
        x, m, v, sigma = np.linspace(-2, 2, 7)[:, None], 0.8, 0.3, 0.6
        precision = gamma / v + 1 - gamma
        want = sigma * (precision * x - gamma * m / v)
        eps_cond, eps_uncond = sigma * (x - m) / v, sigma * x
        guided, pullback = classifier_free_guidance.vjp(eps_cond, eps_uncond, gamma)
        np.testing.assert_allclose(guided, want, rtol=1e-12, atol=1e-14)
        slope = np.sum((1 + x) * sigma * ((1 / v - 1) * x - m / v))  # of Σ (1 + x) ε_hat in γ
        np.testing.assert_allclose(pullback(1 + x)["gamma"], slope, rtol=1e-12)

    def test_cotangents_share_out(self):
        """ε_bar_c + ε_bar_u = e_bar, in the proportion γ : 1 − γ. Kills: ε_bar_u = −γ e_bar, ε_bar_u = (γ − 1)e_bar."""
        bar = np.array([[2.0, -1.0]])
        grads = classifier_free_guidance.vjp(np.ones((1, 2)), np.zeros((1, 2)), 3.0)[1](bar)
        np.testing.assert_array_equal(grads["eps_cond"], [[6, -3]])
        np.testing.assert_array_equal(grads["eps_uncond"], [[-4, 2]])

    def test_digits_that_the_predictions_share_survive(self):
        """ε_c − ε_u = 2⁻⁴⁰ at ε = 1, γ = 341⅓. Kills: γ ε_c + (1 − γ) ε_u, which rounds at 341 (10⁻⁴ of the rest)."""
        gamma, eps_uncond = 1024 / 3, np.ones((1, 1))
        got = classifier_free_guidance(eps_uncond + 2.0**-40, eps_uncond, gamma)
        np.testing.assert_allclose(got - 1, 2.0**-40 * gamma, rtol=2.0**-20)

    def test_the_largest_numbers(self):
        """Halfway between L and −L there is 0, and a quarter of the way −L/2. Kills: a difference that overflows."""
        large = np.asarray([[1.5 * 2.0**1023]])
        got, pullback = classifier_free_guidance.vjp(large, -large, 0.5)
        np.testing.assert_array_equal(got, [[0.0]])
        np.testing.assert_array_equal(pullback(np.asarray([[0.25]]))["gamma"], large[0, 0] / 2)
        np.testing.assert_array_equal(classifier_free_guidance(large, -large, 0.25), -large / 2)


class TestLawsWithAClassifier:
    @pytest.mark.parametrize("gamma", [-0.5, 0.0, 0.4, 1.0, 3.0])
    def test_bayes_for_gaussians(self, gamma):
        """x₀ ~ N(0, 1), x₀ | y ~ N(m, v): with the exact gradient of log p(y | x_t) the guided noise is
        −σ ∇ log p_t(x) p_t(y | x)^γ, of precision γ/v_t + 1 − γ, which is also what is made of the two predictions
        without a classifier. Kills: the sign, σ² or √ᾱ for σ, γ − 1 for γ, the classifier's gradient unscaled.
        """
        x, m, v = np.linspace(-2, 2, 7)[:, None], 0.8, 0.3
        product = np.linspace(0.05, 0.9, 7)
        sigma, root = np.sqrt(1 - product)[:, None], np.sqrt(product)[:, None]
        vt = root**2 * v + sigma**2
        of_classifier = x - (x - root * m) / vt  # ∇ log p(x | y) − ∇ log p(x)
        want = sigma * (x * (gamma / vt + 1 - gamma) - gamma * root * m / vt)
        guided, pullback = classifier_guidance.vjp(sigma * x, of_classifier, product, gamma)
        np.testing.assert_allclose(guided, want, rtol=1e-12, atol=1e-14)
        eps_cond = sigma * (x - root * m) / vt
        np.testing.assert_allclose(guided, sigma * x + gamma * (eps_cond - sigma * x), rtol=1e-12, atol=1e-14)
        slope = np.sum((1 + x) * (eps_cond - sigma * x))  # of Σ (1 + x) ε_hat in γ
        np.testing.assert_allclose(pullback(1 + x)["gamma"], slope, rtol=1e-12)

    def test_the_mean_moves_along_the_classifier_s_gradient(self):
        """Through μ = (x − β/√(1 − ᾱ) ε)/√α the mean of the reverse step moves by β/√α · γ g; Dhariwal & Nichol's
        algorithm 1 has the step's variance for β/√α, the same to first order in β. Kills: a guidance that does not
        move x towards the label, any other power of σ.
        """
        beta, product, gamma, eps, g = 0.125, 0.4375, 2.5, 0.75, -1.5
        mean = lambda eps: (0.5 - beta / np.sqrt(1 - product) * eps) / np.sqrt(1 - beta)
        guided = classifier_guidance(*(np.asarray([u]) for u in (eps, g, product)), gamma)[0]
        np.testing.assert_allclose(mean(guided) - mean(eps), beta / np.sqrt(1 - beta) * gamma * g, rtol=1e-14)

    def test_the_schedule_s_gradient_is_that_of_sigma(self):
        """ε_hat = −γ √(1 − ᾱ) g alone: twice the gradient for ᾱ times 1 − ᾱ is minus the value, for each example by
        itself. Kills: the sign, ½ forgotten, a sum over the batch.
        """
        product, g = np.asarray([0.25, 0.75, 1 - 2.0**-40]), np.asarray([[1.0, 2.0], [-3.0, 0.5], [0.25, 8.0]])
        guided, pullback = classifier_guidance.vjp(np.zeros((3, 2)), g, product, 3.0)
        bar = np.asarray([[0.5, -1.0], [2.0, 1.0], [1.0, 0.25]])
        want = -np.sum(bar * guided, axis=1)
        np.testing.assert_allclose(2 * (1 - product) * pullback(bar)["alpha_prod"], want, rtol=1e-14)
