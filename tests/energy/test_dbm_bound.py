"""The variational bound of a deep Boltzmann machine."""

import itertools

import numpy as np

from refdgm.energy.dbm_bound import dbm_bound
from refdgm.energy.dbm_mean_field import dbm_mean_field

from ..kit import verify

TestDbmBound = verify(dbm_bound)


def states(n):
    return np.array(list(itertools.product((0.0, 1.0), repeat=n)))


def machine(rng, d=3, h=2, e=4):
    return [rng.normal(size=shape) for shape in ((h, d), (e, h), (d,), (h,), (e,))]


def scores(v, W1, W2, b, c1, c2):
    """−E of one v with every state of both layers."""
    g, h = states(len(c1)), states(len(c2))
    return v @ b + (g @ (W1 @ v + c1))[:, None] + (h @ c2)[None] + g @ W2.T @ h.T


class TestLaws:
    def test_what_is_missing_is_the_divergence(self, rng):
        """log P(v) − J = Σ q log(q/P(h¹, h² | v)) ≥ 0, by all states. Kills: an entropy, a term between the layers, a
        bias, a log Z of another machine."""
        given = machine(rng)
        v, mean1, mean2 = (rng.uniform(0.1, 0.9, size=(3, n)) for n in (3, 2, 4))
        value = dbm_bound(v, mean1, mean2, *given)
        log_z = np.log(sum(np.sum(np.exp(scores(s, *given))) for s in states(3)))
        for k in range(3):
            q = [np.prod(np.where(h == 1, m[k], 1 - m[k]), axis=1) for h, m in ((states(2), mean1), (states(4), mean2))]
            q, w = q[0][:, None] * q[1], scores(v[k], *given)
            missing = np.sum(q * (np.log(q) - w + np.log(np.sum(np.exp(w)))))
            np.testing.assert_allclose(value[k], np.log(np.sum(np.exp(w))) - log_z - missing, rtol=1e-12)
            assert missing > 0

    def test_where_mean_field_has_settled(self, rng):
        """The means have no gradient; the gradient of the bound through all passes is that with means held. Kills: a
        slope without the logit, without the layer above, a gradient through the means."""
        W1, W2, _, c1, c2 = given = machine(rng)
        v = rng.uniform(size=(3, 3))
        (mean1, mean2), through = dbm_mean_field.vjp(v, np.full((3, 4), 0.5), W1, W2, c1, c2, iterations=300)
        _, pullback = dbm_bound.vjp(v, mean1, mean2, *given)
        g = pullback(rng.normal(size=3))
        assert max(np.max(abs(g["mean1"])), np.max(abs(g["mean2"]))) < 1e-13
        more = through(g["mean1"], g["mean2"])
        assert max(np.max(abs(more[name])) for name in ("v", "W1", "W2", "c1", "c2")) < 1e-13

    def test_without_a_second_layer_it_is_tight(self, rng):
        """W² = 0, and means of the posterior: J = log P(v). Kills: whatever makes the bound loose, or none."""
        W1, W2, b, c1, c2 = machine(rng)
        v = rng.uniform(size=(3, 3))
        mean1, mean2 = 1 / (1 + np.exp(-(v @ W1.T + c1))), np.tile(1 / (1 + np.exp(-c2)), (3, 1))
        weight = lambda s: np.exp(s @ b) * np.prod(1 + np.exp(s @ W1.T + c1), axis=1)
        np.testing.assert_allclose(dbm_bound(v, mean1, mean2, W1, 0 * W2, b, c1, c2),
                                   np.log(weight(v) / np.sum(weight(states(3)))), rtol=1e-12)

    def test_below_the_likelihood(self, rng):
        """For any means, those of 0 and 1 among them, whose entropy is 0: J is then −E − log Z. Kills: 0 log 0, an
        entropy with its sign turned."""
        given = machine(rng)
        v, g, h = rng.uniform(size=(3, 3)), states(2)[1:], states(4)[[3, 9, 14]]
        log_z = np.log(sum(np.sum(np.exp(scores(s, *given))) for s in states(3)))
        value = dbm_bound(v, g, h, *given)
        want = [scores(v[k], *given)[1 + k, (3, 9, 14)[k]] - log_z for k in range(3)]
        np.testing.assert_allclose(value, want, rtol=1e-12)
        assert all(value[k] <= np.log(np.sum(np.exp(scores(v[k], *given)))) - log_z for k in range(3))
