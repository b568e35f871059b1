"""The log-likelihood of a Boltzmann machine."""

import numpy as np

from refdgm.energy.boltzmann_log_likelihood import boltzmann_log_likelihood

from ..kit import verify

TestBoltzmannLogLikelihood = verify(boltzmann_log_likelihood)

STATES = np.array([[s >> i & 1 for i in range(3)] for s in range(8)], float)


def machine(rng):
    return rng.normal(size=(3, 3)), rng.normal(size=3), 0.7


class TestLaws:
    def test_two_units(self):
        """W = ((0, w), (w, 0)): Z = 3 + e^w, so that P(1, 1) = e^w/(3 + e^w) = ⟨y₁y₂⟩, and W_bar of log P(1, 1) is half
        of 1 − that off the diagonal, and of 1 − (1 + e^w)/(3 + e^w) on it. Kills: a half too many or too few in
        numerator, normaliser or gradient, a state that is left out, spins."""
        for w in (-1.0, 0.5, 2.0):
            z = 3 + np.exp(w)
            value, pullback = boltzmann_log_likelihood.vjp(np.ones((1, 2)), w * (1 - np.eye(2)), np.zeros(2), 1.0)
            np.testing.assert_allclose(value, [np.log(np.exp(w) / z)], rtol=1e-14)
            g, both, each = pullback(np.ones(1)), np.exp(w) / z, (1 + np.exp(w)) / z
            np.testing.assert_allclose(g["W"], [[(1 - each) / 2, (1 - both) / 2], [(1 - both) / 2, (1 - each) / 2]],
                                       rtol=1e-13)
            np.testing.assert_allclose(g["b"], [1 - each] * 2, rtol=1e-13)
            np.testing.assert_allclose(g["temperature"], -w + w * both, rtol=1e-13)

    def test_one_unit(self):
        """log σ((½ W + b)/T) on, log σ of minus that off. Kills: the whole diagonal."""
        for t in (0.5, 3.0):
            a = (2.0 / 2 - 0.25) / t
            got = boltzmann_log_likelihood(np.array([[1.0], [0.0]]), np.array([[2.0]]), np.array([-0.25]), t)
            np.testing.assert_allclose(got, -np.log1p(np.exp([-a, a])), rtol=1e-13)

    def test_mass_and_scores(self, rng):
        """Σ_s P(s) = 1, and every parameter's gradient has the mean zero under P. Kills: log Z of another law, its
        gradient left out, counted once, or taken over the data."""
        w, b, t = machine(rng)
        value, pullback = boltzmann_log_likelihood.vjp(STATES, w, b, t)
        np.testing.assert_allclose(np.sum(np.exp(value)), 1, rtol=1e-13)
        g = pullback(np.exp(value))
        for name in ("W", "b", "temperature"):
            np.testing.assert_allclose(g[name], 0 * g[name], atol=1e-14)

    def test_only_quotients_with_the_temperature_count(self, rng):
        """(W, b, T) and (W/T, b/T, 1); Euler: ⟨W_bar, W⟩ + ⟨b_bar, b⟩ + T_bar T = 0. Kills: T on one term, its sign,
        its square."""
        w, b, t = machine(rng)
        y, bar = rng.uniform(size=(4, 3)), rng.normal(size=4)
        value, pullback = boltzmann_log_likelihood.vjp(y, w, b, t)
        np.testing.assert_allclose(value, boltzmann_log_likelihood(y, w / t, b / t, 1.0), rtol=1e-13)
        g = pullback(bar)
        np.testing.assert_allclose(np.sum(g["W"] * w) + g["b"] @ b, -t * g["temperature"], rtol=1e-12)

    def test_entropy(self, rng):
        """−Σ P log P = ⟨E⟩/T + log Z, with energies pair by pair. Kills: an energy without its minus."""
        w, b, t = machine(rng)
        value = boltzmann_log_likelihood(STATES, w, b, t)
        energy = np.array([-sum(w[i, j] * s[i] * s[j] for i in range(3) for j in range(3)) / 2 - b @ s for s in STATES])
        p = np.exp(value)
        log_z = np.log(np.sum(np.exp(-energy / t)))
        np.testing.assert_allclose(-p @ value, p @ energy / t + log_z, rtol=1e-13)
        np.testing.assert_allclose(-value[0], log_z, rtol=1e-13)
