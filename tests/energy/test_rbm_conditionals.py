"""The conditionals of a restricted Boltzmann machine."""

import math

import numpy as np

from refdgm.energy.rbm_conditionals import rbm_conditionals

from ..kit import verify

TestRbmConditionals = verify(rbm_conditionals)


def bits(n):
    return np.array([[s >> i & 1 for i in range(n)] for s in range(2**n)], float)


def joint(W, b, c):
    """P(h, v) of all states, from the energy."""
    h, v = bits(len(c)), bits(len(b))
    weight = np.exp(np.array([[x @ W @ y + b @ y + c @ x for y in v] for x in h]))
    return h, v, weight / weight.sum()


class TestLaws:
    def test_at_a_point(self):
        """One hidden unit, two visible ones; v = (1, 0), h = 1, W = (log 3, −log 2), b = (0, log 2), c = 0: p = ¾,
        q = (¾, ½). With p_bar = 16, q_bar = (32, 4): a_bar = 3, e_bar = (6, 1). Kills: a sign, b for c, one side's
        share of W_bar, a slope of 1 or of tanh, spins."""
        w = np.array([[math.log(3), -math.log(2)]])
        (p, q), pullback = rbm_conditionals.vjp(np.array([[1.0, 0]]), np.ones((1, 1)), w, np.array([0, math.log(2)]),
                                                np.zeros(1))
        np.testing.assert_allclose([*p[0], *q[0]], [0.75, 0.75, 0.5], rtol=1e-15)
        g = pullback(np.full((1, 1), 16.0), np.array([[32.0, 4]]))
        np.testing.assert_allclose(g["v"], 3 * w, rtol=1e-14)
        np.testing.assert_allclose(g["h"], [[6 * w[0, 0] + w[0, 1]]], rtol=1e-14)
        np.testing.assert_allclose(g["W"], [[9, 1]], rtol=1e-14)
        np.testing.assert_allclose([*g["b"], *g["c"]], [6, 1, 3], rtol=1e-14)

    def test_they_are_those_of_the_joint_law(self, rng):
        """All 2²·2³ states by their energy. Kills: W for Wᵀ, spins, exchanged biases, units that exclude each other."""
        W, b, c = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
        h, v, law = joint(W, b, c)
        p, _ = rbm_conditionals(v, np.zeros((8, 2)), W, b, c)
        np.testing.assert_allclose(p, (law / law.sum(axis=0)).T @ h, rtol=1e-13)
        _, q = rbm_conditionals(np.zeros((4, 3)), h, W, b, c)
        np.testing.assert_allclose(q, law / law.sum(axis=1, keepdims=True) @ v, rtol=1e-13)

    def test_there_and_back_leaves_the_law_of_the_visible_units(self, rng):
        """K(v′|v) = Σ_h P(h|v) P(v′|h), products over units, has P(v) for its left eigenvector. Kills: means fed on in
        the place of states, one side's biases left out, weights of another scale on one side."""
        W, b, c = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
        h, v, law = joint(W, b, c)
        p, _ = rbm_conditionals(v, np.zeros((8, 2)), W, b, c)
        _, q = rbm_conditionals(np.zeros((4, 3)), h, W, b, c)
        up = np.prod(np.where(h[None] == 1, p[:, None], 1 - p[:, None]), axis=2)
        down = np.prod(np.where(v[None] == 1, q[:, None], 1 - q[:, None]), axis=2)
        np.testing.assert_allclose(law.sum(axis=0) @ up @ down, law.sum(axis=0), rtol=1e-13)

    def test_how_fast_two_units_forget(self):
        """One unit a side, no biases: the second eigenvalue of K is (σ(w) − ½)². Kills: σ(2w), a bias of its own."""
        for w in (0.5, 3.0):
            ends = np.array([[0.0], [1]])
            p, q = rbm_conditionals(ends, ends, np.full((1, 1), w), np.zeros(1), np.zeros(1))
            kernel = np.hstack([1 - p, p]) @ np.hstack([1 - q, q])
            want = (1 / (1 + math.exp(-w)) - 0.5) ** 2
            np.testing.assert_allclose(np.linalg.det(kernel), want, rtol=1e-12)

    def test_saturated_units_keep_their_slope(self):
        """a = ±50: the slope is e^{−50}, whichever end it is. Kills: 1 − p of a rounded p."""
        for a in (50.0, -50.0):
            _, pullback = rbm_conditionals.vjp(np.ones((1, 1)), np.ones((1, 1)), np.full((1, 1), a), np.zeros(1),
                                               np.zeros(1))
            g = pullback(np.ones((1, 1)), np.zeros((1, 1)))
            np.testing.assert_allclose([g["c"][0], g["W"][0, 0]], [math.exp(-50)] * 2, rtol=1e-13)
