"""Mean field in a deep Boltzmann machine."""

import itertools

import numpy as np

from refdgm.energy.dbm_mean_field import dbm_mean_field

from ..kit import verify

TestDbmMeanField = verify(dbm_mean_field)


def sigma(a):
    return 1 / (1 + np.exp(-a))


def machine(rng, d=3, h=2, e=4):
    return rng.normal(size=(h, d)), rng.normal(size=(e, h)), rng.normal(size=h), rng.normal(size=e)


def states(n):
    return np.array(list(itertools.product((0.0, 1.0), repeat=n)))


class TestLaws:
    def test_by_hand(self):
        """One unit a layer, v = 1, W¹ = 2, W² = 4, c¹ = −4, c² = −2, start ½: μ¹ = σ(2 + 2 − 4) = ½, μ² = σ(2 − 2) = ½,
        again and again. With μ_bar = (0, 16): a² = 4, a¹ = 4·4/4 = 4 in the last pass; the one before has μ_bar² = 4·4
        too. Two passes: v_bar = 2·8, W_bar¹ = c_bar¹ = 8, c_bar² = 8, W_bar² = 4·(½·4), start 16. Kills: the last pass
        alone, one of the two parts of W_bar², a missing slope, an order."""
        one = lambda x: np.full((1, 1), float(x))
        given = one(1), one(0.5), one(2), one(4), np.array([-4.0]), np.array([-2.0])
        (mean1, mean2), pullback = dbm_mean_field.vjp(*given, iterations=2)
        assert mean1 == mean2 == 0.5
        g = pullback(one(0), one(16))
        want = {"v": 16, "start": 16, "W1": 8, "W2": 8, "c1": 8, "c2": 8}
        assert {name: float(np.squeeze(x)) for name, x in g.items()} == want

    def test_it_settles(self, rng):
        """After 400 passes both equations hold at once. Kills: an equation of another machine, samples for means."""
        W1, W2, c1, c2 = machine(rng)
        v, start = rng.uniform(size=(3, 3)), rng.uniform(size=(3, 4))
        mean1, mean2 = dbm_mean_field(v, start, W1, W2, c1, c2, iterations=400)
        np.testing.assert_allclose(mean1, sigma(v @ W1.T + mean2 @ W2 + c1), rtol=1e-12)
        np.testing.assert_allclose(mean2, sigma(mean1 @ W2.T + c2), rtol=1e-12)

    def test_without_a_second_layer_it_is_the_posterior(self, rng):
        """W² = 0: units are independent, μ¹ is the mean of h¹ under e^{h(W¹v + c¹)}, by all states. Kills: a bias of
        the wrong layer, a start that counts."""
        W1, W2, c1, c2 = machine(rng)
        v, h = rng.uniform(size=(3, 3)), states(2)
        mean1, mean2 = dbm_mean_field(v, rng.uniform(size=(3, 4)), W1, 0 * W2, c1, c2, iterations=1)
        weight = np.exp((v @ W1.T + c1) @ h.T)
        np.testing.assert_allclose(mean1, weight @ h / np.sum(weight, axis=1, keepdims=True), rtol=1e-13)
        np.testing.assert_allclose(mean2, np.tile(sigma(c2), (3, 1)), rtol=1e-13)

    def test_the_bound_never_falls(self, rng):
        """Σ q log(p_tilde/q) over all states of both layers, q the product of the means: it rises with every pass, and
        is highest at the end. Kills: both layers at once, nothing from above, twice from above."""
        W1, W2, c1, c2 = machine(rng)
        W2 = 3 * W2
        v, start = rng.uniform(size=(1, 3)), rng.uniform(size=(1, 4))
        h1, h2 = states(2), states(4)
        log_p = (h1 @ (W1 @ v[0] + c1))[:, None] + (h2 @ c2)[None] + h1 @ W2.T @ h2.T
        last = -np.inf
        for n in range(1, 7):
            mean1, mean2 = dbm_mean_field(v, start, W1, W2, c1, c2, iterations=n)
            q1, q2 = (np.prod(np.where(h == 1, m, 1 - m), axis=1) for h, m in ((h1, mean1), (h2, mean2)))
            q = q1[:, None] * q2
            bound = np.sum(q * (log_p - np.log(q)))
            assert bound >= last - 1e-13
            last = bound
        assert last <= np.log(np.sum(np.exp(log_p)))

    def test_passes_follow_one_another(self, rng):
        """Five passes are two and then three, and so are their gradients. Kills: a start of ½, a pass too many, a
        pullback of the last pass."""
        given = machine(rng)
        v, start = rng.uniform(size=(3, 3)), rng.uniform(size=(3, 4))
        (_, middle), early = dbm_mean_field.vjp(v, start, *given, iterations=2)
        (mean1, mean2), late = dbm_mean_field.vjp(v, middle, *given, iterations=3)
        (whole1, whole2), pullback = dbm_mean_field.vjp(v, start, *given, iterations=5)
        np.testing.assert_array_equal(mean1, whole1)
        np.testing.assert_array_equal(mean2, whole2)
        bars = rng.normal(size=mean1.shape), rng.normal(size=mean2.shape)
        g, second = pullback(*bars), late(*bars)
        first = early(0 * bars[0], second["start"])
        for name in dbm_mean_field.wrt:
            want = first[name] if name == "start" else first[name] + second[name]
            np.testing.assert_allclose(g[name], want, rtol=1e-11, atol=1e-15)
