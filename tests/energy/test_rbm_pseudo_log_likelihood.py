"""The pseudo-log-likelihood of a restricted Boltzmann machine."""

import math

import numpy as np

from refdgm.energy.rbm_pseudo_log_likelihood import rbm_pseudo_log_likelihood

from ..kit import verify

TestRbmPseudoLogLikelihood = verify(rbm_pseudo_log_likelihood)


def marginal(W, b, c):
    """All visible states and their probabilities, by the energy of every joint state."""
    bits = lambda n: np.array([[s >> i & 1 for i in range(n)] for s in range(2**n)], float)
    v, h = bits(len(b)), bits(len(c))
    weight = np.array([sum(math.exp(x @ W @ y + b @ y + c @ x) for x in h) for y in v])
    return v, weight / weight.sum()


class TestLaws:
    def test_one_visible_unit_at_a_point(self):
        """w = log 3, no biases: v = 1 has ⅔, and J is the log-likelihood; its slopes are ¾ − ½, 1 − ⅔ and ¾ − ⅔. v = 0:
        −½, −⅔, ½ − ⅔. Kills: every sign and factor, a phase left out, the turned state's part of W_bar left out."""
        value, pullback = rbm_pseudo_log_likelihood.vjp(np.array([[1.0], [0]]), np.full((1, 1), math.log(3)),
                                                        np.zeros(1), np.zeros(1))
        np.testing.assert_allclose(value, np.log([2 / 3, 1 / 3]), rtol=1e-15)
        for bar, want in (((1.0, 0.0), (1 / 4, 1 / 3, 1 / 12)), ((0.0, 1.0), (-1 / 2, -2 / 3, -1 / 6))):
            g = pullback(np.array(bar))
            np.testing.assert_allclose([g["W"][0, 0], g["b"][0], g["c"][0]], want, rtol=1e-14)

    def test_the_conditionals_of_the_enumerated_law(self, rng):
        """P(v)/(P(v) + P(turned)) of all 2³ states, each unit in turn. Kills: units turned together, put out, left out,
        a mean over units, hidden means for the sum over hidden states."""
        W, b, c = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
        v, p = marginal(W, b, c)
        want = [sum(math.log(p[s] / (p[s] + p[s ^ 1 << i])) for i in range(3)) for s in range(8)]
        np.testing.assert_allclose(rbm_pseudo_log_likelihood(v, W, b, c), want, rtol=1e-13)

    def test_the_mean_slope_under_the_model_is_zero(self, rng):
        """Each conditional is a likelihood: Σ_v P(v) ∂J = 0, though J is none. Kills: any wrong weight of W_bar, b_bar
        or c_bar."""
        W, b, c = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
        v, p = marginal(W, b, c)
        for x in rbm_pseudo_log_likelihood.vjp(v, W, b, c)[1](p).values():
            np.testing.assert_allclose(x, 0, atol=1e-15)

    def test_without_weights_it_is_the_likelihood(self):
        """W = 0, b = log 3, −log 4: v = (1, 1) has ¾ · ⅕. Kills: a visible bias left out, hidden biases that count."""
        value, pullback = rbm_pseudo_log_likelihood.vjp(np.ones((1, 2)), np.zeros((3, 2)), np.log([3, 0.25]),
                                                        np.array([5.0, -2, 0]))
        np.testing.assert_allclose(value, [math.log(0.15)], rtol=1e-14)
        np.testing.assert_allclose(pullback(np.ones(1))["b"], [0.25, 0.8], rtol=1e-14)
        np.testing.assert_array_equal(pullback(np.ones(1))["c"], np.zeros(3))

    def test_saturated_units(self):
        """At a = 2²⁰ a weight of 2⁻⁴⁰ still counts: J = −log(1 + e^w). Kills: an overflow, and a difference of two
        softplus that has no digit left."""
        value, pullback = rbm_pseudo_log_likelihood.vjp(np.zeros((1, 1)), np.full((1, 1), 2.0**-40), np.zeros(1),
                                                        np.full(1, 2.0**20))
        np.testing.assert_allclose(value, [-math.log(2) - 2.0**-41], rtol=1e-15)
        np.testing.assert_allclose(pullback(np.ones(1))["W"], [[-0.5]], rtol=1e-11)
        value, pullback = rbm_pseudo_log_likelihood.vjp(np.ones((1, 1)), np.full((1, 1), 1e3), np.zeros(1),
                                                        np.full(1, 500.0))
        np.testing.assert_array_equal([*value, *pullback(np.ones(1))["b"]], [0, 0])
