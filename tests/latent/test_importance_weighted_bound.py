"""The importance weighted bound."""

from itertools import combinations

import numpy as np

from refdgm.latent.importance_weighted_bound import importance_weighted_bound

from ..kit import verify
from .test_elbo import LINEAR, THETA, evidence, posterior

TestImportanceWeightedBound = verify(importance_weighted_bound)


def ratios(x, eps, phi):
    """log p(z) + log p(x | z) − log q(z | x) with every density written out, linear networks."""
    code = x @ phi["A"].T + phi["b"]
    mu, var = code[:, None, :2], np.exp(code[:, None, 2:])
    z = mu + np.sqrt(var) * eps
    normal = lambda u, m, v: -np.sum((u - m) ** 2 / v + np.log(2 * np.pi * v), axis=2) / 2
    given = normal(x[:, None], z @ THETA["A"].T + THETA["b"], np.ones(4))
    return normal(z, 0.0, np.ones(2)) + given - normal(z, mu, var)


class TestLaws:
    def test_with_the_posterior_every_weight_is_the_evidence(self, rng):
        """J = log p(x) for any noise and any number of draws, and x_bar its score. Kills: any density that is wrong or
        left out, −log R, a closed divergence, σ for σ², a path that is held."""
        x = rng.normal(size=(3, 4))
        want, slope = evidence(x)
        for many in (1, 2, 7):
            eps = rng.normal(size=(3, many, 2))
            value, pullback = importance_weighted_bound.vjp(x, eps, posterior(), THETA, **LINEAR)
            np.testing.assert_allclose(value, want, rtol=1e-12)
            np.testing.assert_allclose(pullback(np.ones(3))["x"], slope, rtol=1e-11, atol=1e-13)

    def test_it_is_the_log_of_a_mean_of_ratios(self, rng):
        """Three densities written out, and their ratios themselves. Kills: the mean of the logarithms, a sum, weighed
        means, another order of the terms."""
        x, eps = rng.normal(size=(3, 4)), rng.normal(size=(3, 5, 2))
        phi = {"A": rng.normal(size=(4, 4)) / 2, "b": rng.normal(size=4) / 2}
        want = np.log(np.mean(np.exp(ratios(x, eps, phi)), axis=1))
        np.testing.assert_allclose(importance_weighted_bound(x, eps, phi, THETA, **LINEAR), want, rtol=1e-12)

    def test_more_draws_do_not_loosen_it(self, rng):
        """The mean over all subsets of k of five draws rises with k, exactly. Kills: a bound that is none."""
        x, eps = rng.normal(size=(2, 4)), rng.normal(size=(2, 5, 2))
        phi = {"A": rng.normal(size=(4, 4)) / 2, "b": rng.normal(size=4) / 2}
        of = lambda k: np.mean([importance_weighted_bound(x, eps[:, list(s)], phi, THETA, **LINEAR)
                                for s in combinations(range(5), k)], axis=0)
        means = np.stack([of(k) for k in range(1, 6)])
        assert np.all(np.diff(means, axis=0) > 0)

    def test_the_gradient_weighs_the_draws(self, rng):
        """b_bar of the decoder is Σ w_tilde_r (x − f_r), of weights written out. Kills: alike, of the costs, the
        best."""
        x, eps = rng.normal(size=(1, 4)), rng.normal(size=(1, 3, 2))
        phi = {"A": rng.normal(size=(4, 4)) / 2, "b": rng.normal(size=4) / 2}
        code, w = x @ phi["A"].T + phi["b"], np.exp(ratios(x, eps, phi))[0]
        z = code[0, :2] + np.exp(code[0, 2:] / 2) * eps[0]
        got = importance_weighted_bound.vjp(x, eps, phi, THETA, **LINEAR)[1](np.ones(1))["theta"]["b"]
        np.testing.assert_allclose(got, w / np.sum(w) @ (x - z @ THETA["A"].T - THETA["b"]), rtol=1e-11)
