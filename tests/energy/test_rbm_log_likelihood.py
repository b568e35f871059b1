"""The log-likelihood of a restricted Boltzmann machine."""

import math

import numpy as np

from refdgm.energy.rbm_log_likelihood import rbm_log_likelihood

from ..kit import verify

TestRbmLogLikelihood = verify(rbm_log_likelihood)


def bits(n):
    return np.array([[s >> i & 1 for i in range(n)] for s in range(2**n)], float)


def joint(W, b, c):
    """P(h, v) of all states, from the energy."""
    h, v = bits(len(c)), bits(len(b))
    weight = np.exp(np.array([[x @ W @ y + b @ y + c @ x for y in v] for x in h]))
    return h, v, weight / weight.sum()


class TestLaws:
    def test_two_units_at_a_point(self):
        """w = log 3, b = log 2, c = 0: the weights of (v, h) are 1, 1, 2, 6. p(1) = 8/10; ⟨h⟩ = 7/10, ⟨hv⟩ = 6/10.
        Kills: every sign, a bias left out of Z, a state left out, Z as a mean, ⟨h⟩⟨v⟩, the model counted once."""
        value, pullback = rbm_log_likelihood.vjp(np.array([[1.0], [0]]), np.full((1, 1), math.log(3)),
                                                 np.full(1, math.log(2)), np.zeros(1))
        np.testing.assert_allclose(value, np.log([0.8, 0.2]), rtol=1e-14)
        g = pullback(np.array([1.0, 2.0]))
        np.testing.assert_allclose([g["W"][0, 0], g["b"][0], g["c"][0]], [0.75 - 1.8, 1 - 2.4, 0.75 + 1 - 2.1],
                                   rtol=1e-14)
        np.testing.assert_allclose(g["v"][:, 0], [math.log(2) + 0.75 * math.log(3), 2 * math.log(2) + math.log(3)],
                                   rtol=1e-14)

    def test_the_law_of_all_states(self, rng):
        """More hidden units than visible ones, and fewer. Kills: sides exchanged in Z, a factor 2^{D−H}, Wᵀ."""
        for H, D in ((2, 4), (4, 2)):
            W, b, c = rng.normal(size=(H, D)), rng.normal(size=D), rng.normal(size=H)
            np.testing.assert_allclose(np.exp(rbm_log_likelihood(bits(D), W, b, c)), joint(W, b, c)[2].sum(axis=0),
                                       rtol=1e-13)

    def test_data_less_model(self, rng):
        """Moments of all joint states. Kills: products of means, W_bar transposed, a phase left out, data for the
        model."""
        W, b, c = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
        h, v, law = joint(W, b, c)
        weights = np.array([0.5, 2, 0, 0, -1, 0, 0, 3])
        data = law / law.sum(axis=0) * weights - law * weights.sum()
        g = rbm_log_likelihood.vjp(v, W, b, c)[1](weights)
        np.testing.assert_allclose(g["W"], h.T @ data @ v, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(g["b"], data.sum(axis=0) @ v, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(g["c"], data.sum(axis=1) @ h, rtol=1e-12, atol=1e-15)

    def test_the_mean_slope_under_the_model_is_zero(self, rng):
        """Σ_v p(v) ∂ log p(v) = 0. Kills: log Z as a constant, the model counted once."""
        W, b, c = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
        g = rbm_log_likelihood.vjp(bits(3), W, b, c)[1](joint(W, b, c)[2].sum(axis=0))
        for name in ("W", "b", "c"):
            np.testing.assert_allclose(g[name], 0, atol=1e-15)

    def test_without_weights_the_units_are_independent(self):
        """W = 0, b = log 3, −log 4: v = (1, 1) has ¾ · ⅕, whatever c is. Kills: hidden biases in F alone."""
        value, pullback = rbm_log_likelihood.vjp(np.ones((1, 2)), np.zeros((3, 2)), np.log([3, 0.25]),
                                                 np.array([5.0, -2, 0]))
        np.testing.assert_allclose(value, [math.log(0.15)], rtol=1e-14)
        g = pullback(np.ones(1))
        np.testing.assert_allclose(g["b"], [0.25, 0.8], rtol=1e-14)
        np.testing.assert_allclose(g["c"], 0, atol=1e-15)

    def test_units_that_are_nearly_certain_keep_their_slope(self):
        """b = 50, v = 1: b_bar = σ(−50), not 1 less a rounded 1. Kills: v − ⟨v⟩ as it stands."""
        g = rbm_log_likelihood.vjp(np.ones((1, 1)), np.zeros((1, 1)), np.full(1, 50.0), np.full(1, 50.0))[1](np.ones(1))
        np.testing.assert_allclose(g["b"], [math.exp(-50)], rtol=1e-13)
        assert abs(g["c"][0]) < 1e-35

    def test_small_weights_keep_their_slope(self):
        """W of 2⁻³⁰, b = log 3: c_bar = σ'(c) W (v − ¾) but for its square. Kills: p − ⟨h⟩ of two rounded halves."""
        w, v = 2.0**-30 * np.array([[1.0, -3], [2, 5]]), np.array([[1.0, 0]])
        g = rbm_log_likelihood.vjp(v, w, np.full(2, math.log(3)), np.array([0.0, math.log(3)]))[1](np.ones(1))
        np.testing.assert_allclose(g["c"], np.array([1 / 4, 3 / 16]) * (w @ [0.25, -0.75]), rtol=1e-8)
