"""Telling a query's own key from those of others."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.metrics.info_nce import info_nce

from ..kit import verify
from ..refusal import refused

TestInfoNCE = verify(info_nce)


class TestLaws:
    def test_two_pairs(self):
        """Products (2 log 3, 0; log 3, 2 log 3) over τ = 2: d = −log 3 and −½ log 3, J = log 4/3 and log(1 + 1/√3).
        Kills: the softmax over queries, τ on one side, times τ, a mean for the sum, the own key left out."""
        log3, tau = np.log(3.0), 2.0
        query, key = np.array([[2.0, 0.0], [1.0, 2.0]]) * log3, np.eye(2)
        value, pullback = info_nce.vjp(query, key, np.array(tau))
        p = np.array([1 / 4, 1 / (1 + np.sqrt(3.0))])  # of the other one
        np.testing.assert_allclose(value, (np.log(4 / 3) + np.log(1 + 1 / np.sqrt(3.0))) / 2, rtol=1e-14)
        grads = pullback(np.array(6.0))
        each = 3 * np.array([[-p[0], p[0]], [p[1], -p[1]]]) / tau
        np.testing.assert_allclose(grads["query"], each, rtol=1e-14)
        np.testing.assert_allclose(grads["key"], each.T @ query, rtol=1e-14)
        np.testing.assert_allclose(grads["tau"], 3 * (p[0] * log3 + p[1] * log3 / 2) / tau, rtol=1e-14)

    @pytest.mark.parametrize("many", [1, 2, 5])
    def test_orthonormal_pairs(self, many):
        """log(1 + (B − 1) e^{−1/τ}). Kills: the own key left out, other weights of it, a mean."""
        tau, e = 0.25, np.exp(-4.0)
        value, pullback = info_nce.vjp(np.eye(many), np.eye(many), np.array(tau))
        np.testing.assert_allclose(value, np.log1p((many - 1) * e), rtol=1e-14)
        want = (many - 1) * e / (1 + (many - 1) * e) / tau**2
        np.testing.assert_allclose(pullback(np.array(1.0))["tau"], want, rtol=1e-13)

    def test_equal_keys(self, rng):
        """J = log B, no gradient for queries, for keys the mean query less their own. Kills: keys, negatives held."""
        query = rng.normal(size=(5, 3))
        value, pullback = info_nce.vjp(query, np.tile([0.5, -2.0, 1.0], (5, 1)), np.array(0.5))
        grads = pullback(np.array(10.0))
        np.testing.assert_allclose(value, np.log(5), rtol=1e-14)
        np.testing.assert_allclose(grads["query"], 0 * query, atol=1e-14)
        np.testing.assert_allclose(grads["key"], 4 * (np.mean(query, axis=0) - query), rtol=1e-13)

    def test_what_is_not_seen(self, rng):
        """A vector added to all keys, or pairs in another order. τ is the queries' size: J(q, k, τ) = J(q/τ, k, 1),
        τ_bar = −⟨q_bar, q⟩/τ. Kills: the softmax over queries, τ twice or on one side, labels of another place."""
        query, key, tau, bar = *rng.normal(size=(2, 5, 3)), np.array(0.5), np.array(-3.0)
        value, pullback = info_nce.vjp(query, key, tau)
        np.testing.assert_allclose(info_nce(query, key + np.array([1.0, -2.0, 0.5]), tau), value, rtol=1e-12)
        order = [3, 0, 4, 1, 2]
        np.testing.assert_allclose(info_nce(query[order], key[order], tau), value, rtol=1e-13)
        other, back = info_nce.vjp(query / tau, key, np.array(1.0))
        grads, others = pullback(bar), back(bar)
        np.testing.assert_allclose(other, value, rtol=1e-13)
        np.testing.assert_allclose(grads["query"], others["query"] / tau, rtol=1e-12)
        np.testing.assert_allclose(grads["tau"], -np.sum(grads["query"] * query) / tau, rtol=1e-12)

    def test_small_losses_keep_their_digits(self):
        """Own products of 50 and more beyond the others: J = e^{−50/τ} and its gradients. Kills: log of a quotient that
        rounds to one, a gradient p − 1."""
        query, key = np.diag([50.0, 60.0]), np.eye(2)
        value, pullback = info_nce.vjp(query, key, np.array(1.0))
        small = np.exp([-50.0, -60.0])
        np.testing.assert_allclose(value, np.mean(small), rtol=1e-14)
        grads = pullback(np.array(2.0))
        np.testing.assert_allclose(grads["query"], small[:, None] * [[-1, 1], [1, -1]], rtol=1e-14)
        np.testing.assert_allclose(grads["tau"], 50 * small[0] + 60 * small[1], rtol=1e-14)

    def test_no_pair_is_refused(self):
        refused(info_nce, ArgumentError, "info_nce needs B of at least 1, got B = 0",
                np.ones((0, 3)), np.ones((0, 3)), np.array(1.0))
