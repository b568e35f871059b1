"""Sweeps over the units of a Boltzmann machine."""

import numpy as np

from refdgm.energy.boltzmann_gibbs_chain import boltzmann_gibbs_chain

from ..kit import verify

TestBoltzmannGibbsChain = verify(boltzmann_gibbs_chain)


def sigma(a):
    return 1 / (1 + np.exp(-a))


class TestLaws:
    def test_by_hand(self):
        """W = ((0, 4), (4, 0)), b = (−2, −2), T = 2, from (0, 1): a₁ = 1, σ = 0.731; then a₂ = 1 where the first is on,
        else −1, σ = 0.269. u = (0.7, 0.7) gives (1, 1), (0.8, 0.7) gives (0, 0), (0.7, 0.8) gives (1, 0). Kills: all at
        once (the second of them would be (0, 1) … (0, 0)), u > p, a forgotten T, the other order."""
        u = np.array([[[0.7, 0.7]], [[0.8, 0.7]], [[0.7, 0.8]]])
        got = boltzmann_gibbs_chain(np.tile([0.0, 1.0], (3, 1)), np.array([[0.0, 4.0], [4.0, 0.0]]), np.full(2, -2.0),
                                    2.0, u)
        np.testing.assert_array_equal(got[:, 0], [[1, 1], [0, 0], [1, 0]])

    def test_a_sweep_has_the_law_of_its_factors_and_leaves_their_law(self, rng):
        """Two units, any W: how many of 40 × 40 pairs of uniform numbers lead from each state to each, against
        σ(a₁) σ(a₂) with the new first unit in a₂, to a fortieth each. That kernel leaves e^{−E/T}. Kills: all at
        once, a unit in its own field, one side of W, noise that is shared."""
        w, b, t, n = 2 * rng.normal(size=(2, 2)), rng.normal(size=2), 0.8, 40
        grid = (np.arange(n) + 0.5) / n
        u = np.stack(np.meshgrid(grid, grid), -1).reshape(-1, 1, 2)
        states = [(0, 0), (1, 0), (0, 1), (1, 1)]
        pair = (w[0, 1] + w[1, 0]) / 2
        kernel = np.zeros((4, 4))
        for s, start in enumerate(states):
            first = sigma((pair * start[1] + w[0, 0] / 2 + b[0]) / t)
            for e, end in enumerate(states):
                second = sigma((pair * end[0] + w[1, 1] / 2 + b[1]) / t)
                kernel[s, e] = (first if end[0] else 1 - first) * (second if end[1] else 1 - second)
            got = boltzmann_gibbs_chain(np.tile(np.array(start, float), (n * n, 1)), w, b, t, u)[:, 0]
            counts = [np.mean(np.all(got == end, axis=1)) for end in states]
            np.testing.assert_allclose(counts, kernel[s], atol=2 / n)
        factors = np.exp([(pair * s * r + (w[0, 0] / 2 + b[0]) * s + (w[1, 1] / 2 + b[1]) * r) / t for s, r in states])
        np.testing.assert_allclose(factors @ kernel, factors, rtol=1e-12)

    def test_sweeps_follow_one_another(self, rng):
        """Three sweeps are one after one after one, each from where the last ended. Kills: sweeps from the start, one
        noise for all, states kept before a sweep."""
        y, w, b = np.round(rng.uniform(size=(6, 3))), rng.normal(size=(3, 3)), rng.normal(size=3)
        u, state = rng.uniform(size=(6, 3, 3)), y
        got = boltzmann_gibbs_chain(y, w, b, 1.3, u)
        for t in range(3):
            state = boltzmann_gibbs_chain(state, w, b, 1.3, u[:, t:t + 1])[:, 0].astype(float)
            np.testing.assert_array_equal(got[:, t], state)

    def test_the_ends_of_the_noise(self, rng):
        """u = 0 is on where there is any chance, u = 1 off, and so is u = p. Kills: u ≤ p, u > p."""
        args = rng.uniform(size=(2, 3)), rng.normal(size=(3, 3)), rng.normal(size=3), 1.0
        assert np.all(boltzmann_gibbs_chain(*args, np.zeros((2, 2, 3))) == 1)
        assert not np.any(boltzmann_gibbs_chain(*args, np.ones((2, 2, 3))))
        none = np.zeros((1, 2)), np.zeros((2, 2)), np.zeros(2), 1.0
        assert not np.any(boltzmann_gibbs_chain(*none, np.full((1, 1, 2), 0.5)))
