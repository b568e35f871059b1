"""Alternating Gibbs sampling in a restricted Boltzmann machine."""

import math

import numpy as np

from refdgm.energy.rbm_gibbs_chain import rbm_gibbs_chain

from ..kit import verify

TestRbmGibbsChain = verify(rbm_gibbs_chain)


def middles(n, axes):
    """The middles of n equal parts of [0, 1], on a grid of so many axes: (n^axes, axes)."""
    return np.stack(np.meshgrid(*[(np.arange(n) + 0.5) / n] * axes, indexing="ij"), -1).reshape(-1, axes)


class TestLaws:
    def test_two_sweeps_by_hand(self):
        """w = log 3, b = 0, c = −log 3, from v = 1: the chance of h is ½ or ¼, that of v ¾ or ½. h: 0.4 < ½; v: 0.8 is
        not below ¾; h: 0.4 is not below ¼; v: 0.4 < ½. Kills: a comparison that is turned, a bias on the wrong side,
        the start or the noise of the first sweep in the second, hidden units of the sweep before."""
        h, v = rbm_gibbs_chain(np.ones((1, 1)), np.full((1, 1), math.log(3)), np.zeros(1), np.full(1, -math.log(3)),
                               np.full((1, 2, 1), 0.4), np.array([[[0.8], [0.4]]]))
        np.testing.assert_array_equal([h[0, :, 0], v[0, :, 0]], [[1, 0], [0, 1]])

    def test_over_a_grid_of_numbers_it_has_the_law_of_the_kernel(self):
        """Two sweeps from v = 1 by 16⁴ numbers: how often v is on is that of K² to a sixteenth a draw; chances here are
        multiples of it, so exactly. Kills: means passed on, one number twice, both sides at once."""
        u = middles(16, 4)
        w, b, c = math.log(9), -math.log(3), -math.log(3)  # ¾ and ¼ on both sides
        h, v = rbm_gibbs_chain(np.ones((len(u), 1)), np.full((1, 1), w), np.full(1, b), np.full(1, c), u[:, :2, None],
                               u[:, 2:, None])
        step = np.array([[0.75, 0.25], [0.25, 0.75]])
        np.testing.assert_array_equal(np.mean(v[:, :, 0], axis=0),
                                      [np.linalg.matrix_power(step, 2 * k)[1, 1] for k in (1, 2)])
        np.testing.assert_array_equal(np.mean(h[:, :, 0], axis=0),
                                      [np.linalg.matrix_power(step, 2 * k - 1)[1, 1] for k in (1, 2)])

    def test_the_law_of_the_machine_stays(self):
        """Two hidden and one visible unit; starts as often as the enumerated p(v) has them, by 8³ numbers: chances are
        multiples of ⅛. Kills: biases left out, spins, weights of one side alone."""
        W, b, c = np.array([[math.log(3)], [-math.log(3)]]), np.zeros(1), np.array([0.0, math.log(3)])
        weight = {v: math.prod(1 + math.exp(c[i] + W[i, 0] * v) for i in range(2)) for v in (0, 1)}
        assert math.isclose(weight[0], weight[1])  # 2 · 4 and 4 · 2
        u = middles(8, 3)
        starts = np.repeat([[0.0], [1.0]], len(u), axis=0)
        u = np.concatenate([u, u])
        h, v = rbm_gibbs_chain(starts, W, b, c, u[:, None, :2], u[:, None, 2:])
        assert np.mean(v) == 0.5
        pairs, many = np.unique(np.concatenate([h[:, 0], v[:, 0]], axis=1), axis=0, return_counts=True)
        energy = [math.exp(x @ W[:, 0] * y[0] + c @ x) for x, y in ((pair[:2], pair[2:]) for pair in pairs)]
        np.testing.assert_allclose(many / len(starts), np.array(energy) / sum(energy), rtol=1e-12)

    def test_a_chain_is_continued_from_its_last_state(self, rng):
        """Seven sweeps are three and four. Kills: a start that is drawn, noise of other sweeps, a hidden state kept."""
        args = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
        up, down = rng.uniform(size=(4, 7, 2)), rng.uniform(size=(4, 7, 3))
        h, v = rbm_gibbs_chain(np.ones((4, 3)), *args, up, down)
        first = rbm_gibbs_chain(np.ones((4, 3)), *args, up[:, :3], down[:, :3])
        rest = rbm_gibbs_chain(first[1][:, -1].astype(float), *args, up[:, 3:], down[:, 3:])
        for whole, a, z in zip((h, v), first, rest, strict=True):
            np.testing.assert_array_equal(whole, np.concatenate([a, z], axis=1))

    def test_certain_units(self):
        """a = ±800, u = 0 and u = 1: on where the chance is positive, never where u is 1. Kills: an overflow, ≤."""
        for a, u, want in ((800.0, 0.999, 1), (-800.0, 1e-9, 0), (0.0, 0.0, 1), (800.0, 1.0, 0)):
            h, _ = rbm_gibbs_chain(np.ones((1, 1)), np.full((1, 1), a), np.zeros(1), np.zeros(1), np.full((1, 1, 1), u),
                                   np.full((1, 1, 1), 0.5))
            assert h[0, 0, 0] == want

    def test_a_number_that_is_the_chance_leaves_its_unit_off(self):
        """On either side: 0.5 is σ(0) exactly."""
        none, half = np.zeros((1, 1)), np.full((1, 1, 1), 0.5)
        for u_hidden, u_visible, want in ((half, half, (0, 0)), (half - 2.0**-30, half, (1, 0)),
                                          (half, half - 2.0**-30, (0, 1))):
            h, v = rbm_gibbs_chain(none, none, np.zeros(1), np.zeros(1), u_hidden, u_visible)
            assert (h[0, 0, 0], v[0, 0, 0]) == want
