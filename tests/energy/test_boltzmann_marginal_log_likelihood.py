"""The log-likelihood of a Boltzmann machine with hidden units."""

import numpy as np

from refdgm.energy.boltzmann_log_likelihood import boltzmann_log_likelihood
from refdgm.energy.boltzmann_marginal_log_likelihood import boltzmann_marginal_log_likelihood

from ..kit import verify

TestBoltzmannMarginalLogLikelihood = verify(boltzmann_marginal_log_likelihood)


def states(n):
    return np.array([[s >> i & 1 for i in range(n)] for s in range(2**n)], float)


def machine(rng, d=2, h=3):
    shapes = (d, d), (h, d), (h, h), (d,), (h,)
    return [rng.normal(size=shape) for shape in shapes]


class TestLaws:
    def test_one_unit_of_each_kind(self):
        """v and h of one unit each, w = 1 and nothing else: P(v = 0) = 2/(3 + e), P(v = 1) = (1 + e)/(3 + e); W_bar of
        log P(1) is σ(1) − e/(3 + e). Kills: a sum over v, w twice, a posterior without the data."""
        none, e = np.zeros((1, 1)), np.exp(1.0)
        given = none, np.ones((1, 1)), none, np.zeros(1), np.zeros(1), 1.0
        value, pullback = boltzmann_marginal_log_likelihood.vjp(np.array([[0.0], [1.0]]), *given)
        np.testing.assert_allclose(np.exp(value), [0.349755, 0.650245], atol=5e-7)
        np.testing.assert_allclose(value, np.log([2 / (3 + e), (1 + e) / (3 + e)]), rtol=1e-13)
        g = pullback(np.array([0.0, 1.0]))
        np.testing.assert_allclose(g["W"], [[e / (1 + e) - e / (3 + e)]], rtol=1e-13)
        np.testing.assert_allclose(g["c"], [e / (1 + e) - (1 + e) / (3 + e)], rtol=1e-12)

    def test_it_is_the_whole_machine_summed(self, rng):
        """Of the matrix ((U, Wᵀ), (W, V)) every state's likelihood, summed over the hidden units; and both gradients of
        the block W together. Kills: W without its other triangle, halves, a normaliser of the visible units."""
        U, W, V, b, c = given = machine(rng)
        s, h, t = states(2), states(3), 0.7
        whole = np.block([[U, W.T], [W, V]])
        rows = np.array([[*x, *y] for x in s for y in h])
        joint, below = boltzmann_log_likelihood.vjp(rows, whole, np.concatenate([b, c]), t)
        value, pullback = boltzmann_marginal_log_likelihood.vjp(s, *given, t)
        np.testing.assert_allclose(np.exp(value), np.sum(np.exp(joint).reshape(4, 8), axis=1), rtol=1e-12)
        bar = rng.normal(size=4)
        posterior = np.exp(joint).reshape(4, 8) / np.exp(value)[:, None]
        want, g = below((bar[:, None] * posterior).ravel()), pullback(bar)
        np.testing.assert_allclose(g["U"], want["W"][:2, :2], rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(g["W"], want["W"][2:, :2] + want["W"][:2, 2:].T, rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(g["V"], want["W"][2:, 2:], rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(g["c"], want["b"][2:], rtol=1e-10, atol=1e-13)

    def test_mass_and_scores(self, rng):
        """Σ_v P(v) = 1, and every parameter's gradient has the mean zero under P. Kills: log Z of another law, its
        gradient left out, the best state for the sum, a posterior that is none."""
        given, s = machine(rng), states(2)
        value, pullback = boltzmann_marginal_log_likelihood.vjp(s, *given, 1.3)
        np.testing.assert_allclose(np.sum(np.exp(value)), 1, rtol=1e-13)
        g = pullback(np.exp(value))
        for name in ("U", "W", "V", "b", "c", "temperature"):
            np.testing.assert_allclose(g[name], 0 * g[name], atol=1e-14)

    def test_without_weights_inside_a_layer(self, rng):
        """U = 0, V = 0: e^{bᵀv} Π_j (1 + e^{(Wv + c)_j}), over its sum. Kills: a hidden bias in the wrong place, W
        crosswise, a half of hᵀWv."""
        _, W, _, b, c = machine(rng)
        s = states(2)
        weight = np.exp(s @ b) * np.prod(1 + np.exp(s @ W.T + c), axis=1)
        got = boltzmann_marginal_log_likelihood(s, np.zeros((2, 2)), W, np.zeros((3, 3)), b, c, 1.0)
        np.testing.assert_allclose(np.exp(got), weight / np.sum(weight), rtol=1e-12)

    def test_only_quotients_with_the_temperature_count(self, rng):
        """All parameters over T at T = 1; Euler: ⟨parameters, gradients⟩ + T_bar T = 0. Kills: T on one term, its
        sign."""
        given, v = machine(rng), rng.uniform(size=(3, 2))
        value, pullback = boltzmann_marginal_log_likelihood.vjp(v, *given, 3.0)
        cold = boltzmann_marginal_log_likelihood(v, *(x / 3 for x in given), 1.0)
        np.testing.assert_allclose(value, cold, rtol=1e-12)
        g = pullback(rng.normal(size=3))
        along = sum(np.sum(g[name] * x) for name, x in zip(("U", "W", "V", "b", "c"), given, strict=True))
        np.testing.assert_allclose(along, -3 * g["temperature"], rtol=1e-11)
