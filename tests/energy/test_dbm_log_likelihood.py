"""The log-likelihood of a deep Boltzmann machine."""

import itertools
import math

import numpy as np

from refdgm.energy.dbm_bound import dbm_bound
from refdgm.energy.dbm_log_likelihood import dbm_log_likelihood
from refdgm.energy.rbm_log_likelihood import rbm_log_likelihood

from ..kit import verify

TestDbmLogLikelihood = verify(dbm_log_likelihood)


def states(n):
    return np.array(list(itertools.product((0.0, 1.0), repeat=n)))


def machine(rng, d=3, h=2, e=4):
    return [rng.normal(size=shape) for shape in ((h, d), (e, h), (d,), (h,), (e,))]


def scores(v, W1, W2, b, c1, c2):
    """−E of one v with every state of both layers."""
    g, h = states(len(c1)), states(len(c2))
    return v @ b + (g @ (W1 @ v + c1))[:, None] + (h @ c2)[None] + g @ W2.T @ h.T


def joint(given, d):
    """P(v, h¹, h²) of all states of all three layers."""
    weight = np.exp([scores(v, *given) for v in states(d)])
    return weight / weight.sum()


class TestLaws:
    def test_three_units_by_hand(self):
        """One unit a layer, W¹ = log 2, W² = log 3, no bias. Where h = 0 the outer units are free, 2 · 2 states; where
        it is on 1 + 2 and 1 + 3: Z = 4 + 12. v on: 2 + 2 · 4 = 10 of 16; h is on with 8/10 there and 12/16 at large,
        with v 8/16, with h² 9/16, and h² on with it is 6/10. Kills: every sign, a sum or a layer left out, Z as a
        mean, moments multiplied."""
        one = np.ones((1, 1))
        value, pullback = dbm_log_likelihood.vjp(np.array([[1.0], [0]]), math.log(2) * one, math.log(3) * one,
                                                 *np.zeros((3, 1)))
        np.testing.assert_allclose(value, np.log([10 / 16, 6 / 16]), rtol=1e-14)
        g = pullback(np.array([1.0, 2.0]))
        got = [g[name].ravel()[0] for name in ("W1", "W2", "b", "c1", "c2")]
        # v off: weights 2 and 4, so h is on with ⅔ and with h² ½; h² is on with 4/6. At large h² is on with 11/16.
        want = [0.8 - 3 * 8 / 16, 0.6 + 2 * 0.5 - 3 * 9 / 16, 1 - 3 * 10 / 16, 0.8 + 4 / 3 - 3 * 0.75,
                0.7 + 4 / 3 - 3 * 11 / 16]
        np.testing.assert_allclose(got, want, rtol=1e-13)
        np.testing.assert_allclose(g["v"][:, 0], np.array([0.8, 4 / 3]) * math.log(2), rtol=1e-14)

    def test_the_law_of_all_states(self, rng):
        """Fewer and more units between than beside. Kills: a transposed layer, a factor of 2 to some number, a layer
        that is summed twice; a law that does not sum to one."""
        for h, e in ((2, 4), (4, 1)):
            given = machine(rng, h=h, e=e)
            got = np.exp(dbm_log_likelihood(states(3), *given))
            np.testing.assert_allclose(got, joint(given, 3).sum(axis=(1, 2)), rtol=1e-13)

    def test_data_less_model(self, rng):
        """Moments of all states of three layers. Kills: products of means, the posterior from below alone, a mean put
        into the logistic function, a phase left out or counted once."""
        given, v, g, h = machine(rng), states(3), states(2), states(4)
        law, weights = joint(given, 3), np.array([0.5, 2, 0, 0, -1, 0, 0, 3])
        data = law / law.sum(axis=(1, 2), keepdims=True) * weights[:, None, None] - law * weights.sum()
        found = dbm_log_likelihood.vjp(v, *given)[1](weights)
        want = {"W1": np.einsum("vgh,gi,vj->ij", data, g, v), "W2": np.einsum("vgh,hk,gi->ki", data, h, g),
                "b": np.einsum("vgh,vj->j", data, v), "c1": np.einsum("vgh,gi->i", data, g),
                "c2": np.einsum("vgh,hk->k", data, h)}
        for name, x in want.items():
            np.testing.assert_allclose(found[name], x, rtol=1e-11, atol=1e-15, err_msg=name)

    def test_the_mean_slope_under_the_model_is_zero(self, rng):
        """Σ_v P(v) ∂ log P(v) = 0. Kills: log Z as a constant, of another machine, the model counted once."""
        given = machine(rng)
        g = dbm_log_likelihood.vjp(states(3), *given)[1](joint(given, 3).sum(axis=(1, 2)))
        for name in ("W1", "W2", "b", "c1", "c2"):
            np.testing.assert_allclose(g[name], 0, atol=2e-15, err_msg=name)

    def test_a_restricted_machine_of_which_one_half_is_seen(self, rng):
        """(v, h²) is the visible side of a restricted machine of weights (W¹, W²ᵀ): log Σ_h² of its law. Kills: what
        the enumeration above and the body would both leave out, as a bias or a factor."""
        W1, W2, b, c1, c2 = given = machine(rng)
        v, h = rng.uniform(size=(3, 3)), states(4)
        both = lambda one: np.concatenate([np.tile(one, (16, 1)), h], axis=1)
        want = [np.log(np.sum(np.exp(rbm_log_likelihood(both(one), np.concatenate([W1, W2.T], axis=1),
                                                        np.concatenate([b, c2]), c1)))) for one in v]
        np.testing.assert_allclose(dbm_log_likelihood(v, *given), want, rtol=1e-12)

    def test_without_a_second_layer(self, rng):
        """W² = 0: Π_i (1 + e^{(W¹v + c¹)_i}) e^{bᵀv}, whatever c² is, which then has no gradient. Kills: the second
        layer's biases in one sum alone."""
        W1, W2, b, c1, c2 = machine(rng)
        weight = lambda s: np.exp(s @ b) * np.prod(1 + np.exp(s @ W1.T + c1), axis=1)
        v = rng.uniform(size=(3, 3))
        value, pullback = dbm_log_likelihood.vjp(v, W1, 0 * W2, b, c1, 5 * c2)
        np.testing.assert_allclose(value, np.log(weight(v) / np.sum(weight(states(3)))), rtol=1e-12)
        np.testing.assert_array_equal(pullback(rng.normal(size=3))["c2"], 0)

    def test_no_bound_is_above_it(self, rng):
        """log P(v) − J of means that are a state of all hidden units is −log P(h¹, h² | v). Kills: a value that is
        below the truth."""
        given = machine(rng)
        v, g, h = rng.uniform(size=(3, 3)), states(2)[1:], states(4)[[3, 9, 14]]
        gap = dbm_log_likelihood(v, *given) - dbm_bound(v, g, h, *given)
        law = [np.exp(scores(one, *given)) for one in v]
        want = [-np.log(w[1 + k, (3, 9, 14)[k]] / w.sum()) for k, w in enumerate(law)]
        np.testing.assert_allclose(gap, want, rtol=1e-12)

    def test_small_weights_keep_their_slopes(self):
        """One unit a layer, b = log 3, W¹ = w, W² = u of 2⁻³⁰ and 2⁻²⁰: with v = 1 the first layer is lifted by
        σ'(0) w/4, and through it the second by σ'(log 3) u of that: w/16 and 3uw/256, but for their squares. Kills:
        differences of rounded halves."""
        one, w, u = np.ones((1, 1)), 2.0**-30, 2.0**-20
        g = dbm_log_likelihood.vjp(one, w * one, u * one, np.log([3.0]), np.zeros(1), np.log([3.0]))[1](np.ones(1))
        np.testing.assert_allclose([g["c1"][0], g["c2"][0]], [w / 16, 3 * w * u / 256], rtol=2e-6)

    def test_units_that_are_nearly_certain_keep_their_slopes(self):
        """b = 50, v = 1, no weights: b_bar = σ(−50), and W_bar¹ = ⟨h⟩ (1 − ⟨v⟩) is half. c² = 50 above a first layer
        that is nearly sure with the data and without: c_bar² is what σ(h + 50) differs by, not zero. Kills: v − ⟨v⟩ as
        it stands, a product of chances less another, ⟨s⟩ − ⟨s⟩ of two ones."""
        one = np.ones((1, 1))
        g = dbm_log_likelihood.vjp(one, 0 * one, 0 * one, np.full(1, 50.0), np.zeros(1), np.zeros(1))[1](np.ones(1))
        np.testing.assert_allclose([g["b"][0], g["W1"][0, 0]], [math.exp(-50), math.exp(-50) / 2], rtol=1e-13)
        g = dbm_log_likelihood.vjp(one, 40 * one, one, np.zeros(1), np.full(1, -20.0), np.full(1, 50.0))[1](np.ones(1))
        # with the data h is on with σ(21); at large with (1 + e⁴⁰)e^{−19} of that and 2: both nearly one
        lifted = 1 / (1 + math.exp(-21)) - 1 / (1 + 2 / ((1 + math.exp(40)) * math.exp(-19)))
        slope = math.exp(-50) - math.exp(-51)
        np.testing.assert_allclose(g["c2"], [lifted * slope], rtol=1e-5)
