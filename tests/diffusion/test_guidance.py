"""Classifier-free guidance."""

import numpy as np
import pytest

from refdgm.diffusion.guidance import classifier_free_guidance

from ..kit import verify
from ..oracles import classifier_free_guidance as oracle

TestClassifierFreeGuidance = verify(classifier_free_guidance, oracle)


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
        slope = np.sum((1 + x) * sigma * ((1 / v - 1) * x - m / v))  # of Σ (1 + x) ε̂ in γ
        np.testing.assert_allclose(pullback(1 + x)["gamma"], slope, rtol=1e-12)

    def test_cotangents_share_out(self):
        """ε̄_c + ε̄_u = ē, in the proportion γ : 1 − γ. Kills: ε̄_u = −γē, ε̄_u = (γ − 1)ē."""
        bar = np.array([[2.0, -1.0]])
        grads = classifier_free_guidance.vjp(np.ones((1, 2)), np.zeros((1, 2)), 3.0)[1](bar)
        np.testing.assert_array_equal(grads["eps_cond"], [[6, -3]])
        np.testing.assert_array_equal(grads["eps_uncond"], [[-4, 2]])

    def test_digits_that_the_predictions_share_survive(self):
        """ε_c − ε_u = 2⁻⁴⁰ at ε = 1, γ = 341⅓. Kills: γ ε_c + (1 − γ) ε_u, which rounds at 341 (10⁻⁴ of the rest)."""
        gamma, eps_uncond = 1024 / 3, np.ones((1, 1))
        got = classifier_free_guidance(eps_uncond + 2.0**-40, eps_uncond, gamma)
        np.testing.assert_allclose(got - 1, 2.0**-40 * gamma, rtol=2.0**-20)
