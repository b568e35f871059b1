"""The free energy of a restricted Boltzmann machine."""

import math
from itertools import product

import numpy as np

from refdgm.energy.rbm_free_energy import rbm_free_energy

from ..kit import verify

TestRbmFreeEnergy = verify(rbm_free_energy)

W = np.array([[math.log(3), 0.0, 1.0], [2.0, -math.log(4), 5.0]])
B, C = np.array([7.0, 11.0, 13.0]), np.array([0.0, -2.0])


class TestLaws:
    def test_at_a_point(self):
        """v = (1, 0, 0): a = (log 3, 0), F = −7 − log 4 − log 2, means ¾ and ½; v = (0, 0, 0): a = (0, −2). With F_bar
        = (2, 0). Kills: every sign, b for c, W for Wᵀ, a mean over units or examples, a bias left out of either
        place."""
        value, pullback = rbm_free_energy.vjp(np.array([[1.0, 0, 0], [0, 0, 0]]), W, B, C)
        np.testing.assert_allclose(value, [-7 - math.log(8), -math.log(2) - math.log(1 + math.exp(-2))], rtol=1e-15)
        g = pullback(np.array([2.0, 0.0]))
        np.testing.assert_allclose(g["v"][0], -2 * (B + 0.75 * W[0] + 0.5 * W[1]), rtol=1e-14)
        np.testing.assert_allclose(g["W"], [[-1.5, 0, 0], [-1, 0, 0]], rtol=1e-14)
        np.testing.assert_allclose(g["b"], [-2, 0, 0], rtol=1e-14)
        np.testing.assert_allclose(g["c"], [-1.5, -1], rtol=1e-14)

    def test_the_sum_over_all_hidden_states(self, rng):
        """e^{−F} is a sum of 2³ numbers, and c_bar of F_bar = −1 the mean hidden state among them. Kills: one sum for
        all units, spins, a hidden unit that is counted twice, a mean over units."""
        v, W, b, c = rng.uniform(size=5), rng.normal(size=(3, 5)), rng.normal(size=5), rng.normal(size=3)
        weigh = {h: math.exp(np.array(h) @ (W @ v + c) + b @ v) for h in product((0, 1), repeat=3)}
        value, pullback = rbm_free_energy.vjp(v[None], W, b, c)
        np.testing.assert_allclose(math.exp(-value[0]), sum(weigh.values()), rtol=1e-13)
        mean = sum(weight * np.array(h) for h, weight in weigh.items()) / sum(weigh.values())
        np.testing.assert_allclose(pullback(-np.ones(1))["c"], mean, rtol=1e-13)

    def test_two_visible_states_differ_as_their_odds(self):
        """One visible and one hidden unit, w = log 3, b = log 2, c = 0: the joint weights of (v, h) are 1, 1, 2, 6, so
        that v = 1 has the odds 4. Kills: a sign of b, a factor on w, spins."""
        value = rbm_free_energy(np.array([[0.0], [1.0]]), np.full((1, 1), math.log(3)), np.full(1, math.log(2)),
                                np.zeros(1))
        np.testing.assert_allclose(value, [-math.log(2), -math.log(8)], rtol=1e-15)

    def test_saturated_units(self):
        """a = ±800, ±1e5: F = −a, or −e^a. Kills: log(1 + e^a) as it stands, an exponent that is clamped."""
        for a in (800.0, 1e5):
            value, pullback = rbm_free_energy.vjp(np.ones((2, 1)), np.full((1, 1), a), np.zeros(1), np.zeros(1))
            np.testing.assert_array_equal(value, [-a, -a])
            assert pullback(np.ones(2))["c"] == -2
        value, pullback = rbm_free_energy.vjp(np.ones((1, 1)), np.full((1, 1), -50.0), np.zeros(1), np.zeros(1))
        np.testing.assert_allclose([value[0], pullback(np.ones(1))["W"][0, 0]], [-math.exp(-50)] * 2, rtol=1e-14)

    def test_without_weights_the_gradients_are_those_of_independent_units(self):
        """W = 0, c = log 3: F = −bᵀv − H log 4 whatever v is; v_bar = −b. Kills: a hidden part that depends on v."""
        v, none = np.array([[0.0, 1, 0.5], [1, 1, 1]]), np.zeros((2, 3))
        value, pullback = rbm_free_energy.vjp(v, none, B, np.full(2, math.log(3)))
        np.testing.assert_allclose(value, -v @ B - 2 * math.log(4), rtol=1e-15)
        g = pullback(np.ones(2))
        np.testing.assert_array_equal(g["v"], [-B, -B])
        np.testing.assert_allclose(g["c"], [-1.5, -1.5], rtol=1e-14)
        np.testing.assert_allclose(g["W"], -0.75 * np.array([[1, 2, 1.5]] * 2), rtol=1e-14)
