"""The greedy bound of a deep belief network."""

import itertools
import math

import numpy as np

from refdgm.energy.dbn_bound import dbn_bound
from refdgm.nets.affine import affine
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood

from ..kit import verify

TestDbnBound = verify(dbn_bound)
NAMES = ("v", "R", "r", "G", "g", "W", "b", "c")


def states(n):
    return np.array(list(itertools.product((0.0, 1.0), repeat=n)))


def network(rng, d=3, h=2, e=4):
    return [rng.normal(size=shape) for shape in ((h, d), (h,), (d, h), (d,), (e, h), (h,), (e,))]


def sigma(a):
    return 1 / (1 + np.exp(-a))


def chosen(p, s):
    """Π p^s (1 − p)^{1 − s} of every row p and every s."""
    return np.prod(p[:, None] ** s * (1 - p[:, None]) ** (1 - s), axis=2)


def joint(G, g, W, b, c, v):
    """p(v, h) of each v, by all states of h and of the units above it."""
    h, t = states(len(b)), states(len(c))
    weight = np.exp((h @ b)[:, None] + t @ c + h @ W.T @ t.T).sum(axis=1)
    return chosen(sigma(h @ G.T + g), v).T * weight / weight.sum()


def enumerated(v, R, r, *rest):
    """The bound by its definition."""
    q = chosen(sigma(v @ R.T + r), states(len(r)))
    return np.sum(q * (np.log(joint(*rest, v)) - np.log(q)), axis=1)


class TestLaws:
    def test_what_is_missing_is_the_divergence(self, rng):
        """log P(v) − J = Σ q log(q/P(h|v)) ≥ 0. Kills: an entropy, a bias, a log Z of another machine."""
        given, v = network(rng), states(3)
        both, q = joint(*given[2:], v), chosen(sigma(v @ given[0].T + given[1]), states(2))
        evidence = both.sum(axis=1)
        np.testing.assert_allclose(evidence.sum(), 1, rtol=1e-13)
        missing = np.sum(q * np.log(q * evidence[:, None] / both), axis=1)
        np.testing.assert_allclose(np.log(evidence) - dbn_bound(v, *given), missing, rtol=1e-10)
        assert np.all(missing > 0)

    def test_every_slope(self, rng):
        """A step of 10⁻³⁰ i in each argument of the enumerated bound. Kills: every wrong gradient."""
        arguments, bar = [rng.uniform(0.1, 0.9, size=(3, 3)), *network(rng)], rng.normal(size=3)
        found = dbn_bound.vjp(*arguments)[1](bar)
        for place, name in enumerate(NAMES):
            want = np.zeros(arguments[place].shape)
            for index in np.ndindex(want.shape):
                moved = [x.astype(complex) for x in arguments]
                moved[place][index] += 1e-30j
                want[index] = np.imag(bar @ enumerated(*moved)) / 1e-30
            np.testing.assert_allclose(found[name], want, rtol=1e-10, atol=1e-13, err_msg=name)

    def test_a_restricted_machine_unrolled_once_is_tight(self, rng):
        """R = Gᵀ, r = b, and on top the machine turned over, W = G, c = g: h has its own posterior, so that J is the
        machine's log P(v), by all its states, and R_bar = r_bar = 0. Kills: whatever makes the bound loose, or none."""
        W, b, c = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
        v, h = states(3), states(2)
        weight = np.exp((v @ b)[:, None] + h @ c + v @ W.T @ h.T).sum(axis=1)
        value, pullback = dbn_bound.vjp(v, W, c, W.T, b, W.T, c, b)
        np.testing.assert_allclose(value, np.log(weight / weight.sum()), rtol=1e-12)
        g = pullback(rng.normal(size=8))
        np.testing.assert_allclose(np.max(abs(g["R"])) + np.max(abs(g["r"])), 0, atol=1e-14)

    def test_a_better_top_raises_it(self, rng):
        """J of another machine on top differs by the mean of log p(h) under q: who improves that improves J. Kills: a
        top that is weighed by anything but q."""
        given, other, v = network(rng), network(rng)[4:], rng.uniform(size=(3, 3))
        q = chosen(sigma(v @ given[0].T + given[1]), states(2))
        law = lambda W, b, c: joint(np.zeros((1, 2)), np.zeros(1), W, b, c, np.ones((1, 1)))[0] * 2
        want = q @ (np.log(law(*other)) - np.log(law(*given[4:])))
        np.testing.assert_allclose(dbn_bound(v, *given[:4], *other) - dbn_bound(v, *given), want, rtol=1e-10)

    def test_the_wake_phase_is_a_composition(self, rng):
        """Sure recognition, r = ±800: G_bar is that of `affine` under `bernoulli_log_likelihood` at the state that was
        chosen, (v − σ(G h + g)) hᵀ. Kills: states of the dream for those of the data, vᵀh for hᵀv."""
        R, _, G, g, W, b, c = network(rng)
        v, h, bar = rng.uniform(size=(3, 3)), np.tile([1.0, 0], (3, 1)), rng.normal(size=3)
        got = dbn_bound.vjp(v, 0 * R, np.array([800.0, -800]), G, g, W, b, c)[1](bar)
        want = (bar[:, None] * (v - sigma(h @ G.T + g))).T @ h
        np.testing.assert_allclose(got["G"], want, rtol=1e-12, atol=1e-15)
        logits, back = affine.vjp(h, G, g)
        composed = back(bernoulli_log_likelihood.vjp(logits, v)[1](bar)["logits"])
        np.testing.assert_allclose(composed["W"], want, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(composed["b"], got["g"], rtol=1e-12)

    def test_the_sleep_phase_is_the_same_code(self, rng):
        """Of a dream (v, h) the recognition learns log q(h|v): (h − σ(R v + r)) vᵀ. Kills: the generative error."""
        R, r = network(rng)[:2]
        v, h = np.round(rng.uniform(size=(3, 3))), np.round(rng.uniform(size=(3, 2)))
        logits, back = affine.vjp(v, R, r)
        found = back(bernoulli_log_likelihood.vjp(logits, h)[1](np.ones(3))["logits"])["W"]
        np.testing.assert_allclose(found, (h - sigma(v @ R.T + r)).T @ v, rtol=1e-12, atol=1e-15)

    def test_sure_units_keep_their_slopes(self):
        """One unit each, r = 60: r_bar = σ(−60)(M(1) − M(0)), with M(1) − M(0) = v G + log((1 + e^g)/(1 + e^{G+g})) + b
        + log((1 + e^{W+c})/(1 + e^c)) − r, of G = log 3, g = 0, W = log 2, c = 0, b = 1, v = 1. Kills: h − σ(a) of
        ones."""
        one = np.ones((1, 1))
        g = dbn_bound.vjp(one, 0 * one, np.full(1, 60.0), math.log(3) * one, np.zeros(1), math.log(2) * one,
                          np.ones(1), np.zeros(1))[1](np.ones(1))
        gain = math.log(3) + math.log(2 / 4) + 1 + math.log(3 / 2) - 60
        np.testing.assert_allclose(g["r"], [gain * math.exp(-60)], rtol=1e-12)
