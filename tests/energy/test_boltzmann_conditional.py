"""A unit of a Boltzmann machine, given the others."""

import numpy as np
import pytest

from refdgm.energy.boltzmann_conditional import boltzmann_conditional

from ..kit import verify

TestBoltzmannConditional = verify(boltzmann_conditional)

STATES = np.array([[s >> i & 1 for i in range(4)] for s in range(16)], float)


def factors(w, b, t):
    """The Boltzmann factor of every state, pair by pair and with the diagonal."""
    four = range(4)
    return np.exp([(sum(0.5 * w[i, j] * s[i] * s[j] for i in four for j in four) + b @ s) / t for s in STATES])


class TestLaws:
    @pytest.mark.parametrize("t", [0.5, 1.0, 3.0])
    def test_the_law_of_all_states(self, rng, t):
        """P(on)/(P(on) + P(off)) of sixteen factors that are counted, for any W. Kills: the printed form for other
        matrices, the whole diagonal, a state that counts for itself, spins, a temperature in the wrong place."""
        w, b = rng.normal(size=(4, 4)), rng.normal(size=4)
        weight, got = factors(w, b, t), boltzmann_conditional(STATES, w, b, t)
        for s in range(16):
            for i in range(4):
                on, off = weight[s | 1 << i], weight[s & ~(1 << i)]
                np.testing.assert_allclose(got[s, i], on / (on + off), rtol=1e-12)

    def test_the_printed_form_where_it_holds(self, rng):
        """σ((W y + b)/T) for a symmetric W without a diagonal. Kills: halves of what meets twice."""
        w, b, y = np.triu(rng.normal(size=(4, 4)), 1), rng.normal(size=4), rng.uniform(size=(3, 4))
        got = boltzmann_conditional(y, w + w.T, b, 0.7)
        np.testing.assert_allclose(got, 1 / (1 + np.exp(-(y @ (w + w.T) + b) / 0.7)), rtol=1e-13)

    def test_what_a_unit_is_does_not_count(self, rng):
        """Whatever y_i is, p_i stays, and y_bar of p_i alone has no i-th entry. Kills: a unit in its own field."""
        w, b, y = rng.normal(size=(4, 4)), rng.normal(size=4), rng.uniform(size=(1, 4))
        for i in range(4):
            other = y.copy()
            other[0, i] = 1 - y[0, i]
            assert boltzmann_conditional(other, w, b, 1.0)[0, i] == boltzmann_conditional(y, w, b, 1.0)[0, i]
            bar = np.zeros((1, 4))
            bar[0, i] = 1
            assert boltzmann_conditional.vjp(y, w, b, 1.0)[1](bar)["y"][0, i] == 0

    def test_by_hand(self):
        """Two units, W = ((4, 2), (6, 2)), b = (−6, −1), y = (0, 1), T = 2: gaps (4 + 2 − 6, 0 + 1 − 1) = 0, so both
        are ½ with the slope ¼/2. p_bar = (8, 16): f = (1, 2); y_bar = (8, 4), W_bar off the diagonal ½ (f₁y₂ + f₂y₁) =
        ½ and on it (½, 1), b_bar = f, T_bar = 0. Kills: one side, a diagonal without gradient, a missing 1/T."""
        args = np.array([[0.0, 1.0]]), np.array([[4.0, 2.0], [6.0, 2.0]]), np.array([-6.0, -1.0]), 2.0
        value, pullback = boltzmann_conditional.vjp(*args)
        g = pullback(np.array([[8.0, 16.0]]))
        np.testing.assert_array_equal(value, [[0.5, 0.5]])
        np.testing.assert_array_equal(g["y"], [[8, 4]])
        np.testing.assert_array_equal(g["W"], [[0.5, 0.5], [0.5, 1]])
        np.testing.assert_array_equal(g["b"], [1, 2])
        assert g["temperature"] == 0

    def test_both_tails_have_slopes(self):
        """b = ±700: the slope is e^{−700} on both sides. Kills: σ (1 − σ) with a rounded 1 − σ."""
        g = boltzmann_conditional.vjp(np.zeros((1, 2)), np.zeros((2, 2)), np.array([700.0, -700.0]), 1.0)[1]
        np.testing.assert_allclose(g(np.ones((1, 2)))["b"], [np.exp(-700.0)] * 2, rtol=1e-13)

    def test_only_quotients_with_the_temperature_count(self, rng):
        """(W, b, T) and (W/T, b/T, 1); Euler: ⟨W_bar, W⟩ + ⟨b_bar, b⟩ + T_bar T = 0. Kills: the sign of T_bar, T on one
        term."""
        w, b, y = rng.normal(size=(4, 4)), rng.normal(size=4), rng.uniform(size=(3, 4))
        value, pullback = boltzmann_conditional.vjp(y, w, b, 3.0)
        np.testing.assert_allclose(value, boltzmann_conditional(y, w / 3, b / 3, 1.0), rtol=1e-13)
        g = pullback(rng.normal(size=(3, 4)))
        np.testing.assert_allclose(np.sum(g["W"] * w) + g["b"] @ b, -3 * g["temperature"], rtol=1e-12)
