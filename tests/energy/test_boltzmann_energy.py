"""The energy of a Boltzmann machine."""

import itertools

import numpy as np

from refdgm.energy.boltzmann_energy import boltzmann_energy

from ..kit import verify

TestBoltzmannEnergy = verify(boltzmann_energy)


class TestLaws:
    def test_by_hand(self):
        """W = ((0, 2), (2, 0)), b = (3, 0), y = (1, 1): one pair on, and one bias: −5. Kills: no half (−7), half
        of the biases (−3.5), every sign."""
        value, pullback = boltzmann_energy.vjp(np.ones((1, 2)), np.array([[0.0, 2.0], [2.0, 0.0]]), np.array([3.0, 0]))
        np.testing.assert_array_equal(value, [-5])
        g = pullback(np.array([10.0]))
        np.testing.assert_array_equal(g["y"], [[-50, -20]])
        np.testing.assert_array_equal(g["W"], -5 * np.ones((2, 2)))
        np.testing.assert_array_equal(g["b"], [-10, -10])

    def test_the_sum_over_pairs(self, rng):
        """With a symmetric W without a diagonal: minus W_ij for every pair i < j that is on, counted state by state.
        Kills: pairs counted twice or by halves, a mean over units, a W that is read crosswise."""
        w, b = np.triu(rng.normal(size=(4, 4)), 1), rng.normal(size=4)
        states = np.array(list(itertools.product((0.0, 1.0), repeat=4)))
        want = [-sum(w[i, j] for i in range(4) for j in range(i + 1, 4) if s[i] and s[j])
                - sum(b[i] for i in range(4) if s[i]) for s in states]
        np.testing.assert_allclose(boltzmann_energy(states, w + w.T, b), want, rtol=1e-13, atol=1e-14)

    def test_what_a_unit_adds(self, rng):
        """E(on) − E(off) = −½ Σ_{j≠i} (W_ij + W_ji) y_j − ½ W_ii − b_i. Kills: W for ½ (W + Wᵀ), W_ii for its half."""
        w, b, y = rng.normal(size=(4, 4)), rng.normal(size=4), rng.uniform(size=(1, 4))
        for i in range(4):
            on, off = y.copy(), y.copy()
            on[0, i], off[0, i] = 1, 0
            gap = boltzmann_energy(on, w, b) - boltzmann_energy(off, w, b)
            want = -sum((w[i, j] + w[j, i]) * y[0, j] for j in range(4) if j != i) / 2 - w[i, i] / 2 - b[i]
            np.testing.assert_allclose(gap, [want], rtol=1e-12)

    def test_euler_on_forms(self, rng):
        """E is quadratic in y up to its linear part: ⟨y_bar, y⟩ = 2 E + bᵀy; and linear in W, b: ⟨W_bar, W⟩ + ⟨b_bar,
        b⟩ = E. Kills: a factor of one gradient, tied for free weights."""
        y, w, b = rng.uniform(size=(3, 4)), rng.normal(size=(4, 4)), rng.normal(size=4)
        for row in range(3):
            value, pullback = boltzmann_energy.vjp(y[row:row + 1], w, b)
            g = pullback(np.ones(1))
            np.testing.assert_allclose(np.sum(g["y"] * y[row]), 2 * value[0] + b @ y[row], rtol=1e-12)
            np.testing.assert_allclose(np.sum(g["W"] * w) + g["b"] @ b, value[0], rtol=1e-12)
