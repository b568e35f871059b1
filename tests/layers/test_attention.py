"""Queries that take of each value as much as its key deserves."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.layers.attention import attention

from ..kit import verify
from ..refusal import refused

TestAttention = verify(attention)

ONE = np.array(1.0)


def of_bias(bias, value, scale=ONE):
    """No product: the bias alone decides, of one query and one component."""
    bias = np.asarray([[bias]], float)
    keys = bias.shape[2]
    return attention.vjp(np.zeros((1, 1, 2)), np.ones((1, keys, 2)), np.reshape(value, (1, keys, 1)), bias, scale)


class TestLaws:
    def test_by_hand(self):
        """q = (1, 1), keys (log 3, 0) and 0, twice as large products: shares 9/10 and 1/10, A = log 10. Kills: no
        scale, its square, its inverse, any of the gradients that meets it or does not, A_bar left out, a mean."""
        log3 = np.log(3.0)
        (out, lse), pullback = attention.vjp(np.ones((1, 1, 2)), np.array([[[log3, 0], [0, 0]]]),
                                             np.array([[[10.0], [0.0]]]), np.zeros((1, 1, 2)), np.array(2.0))
        np.testing.assert_allclose(out, [[[9]]], rtol=1e-15)
        np.testing.assert_allclose(lse, [[np.log(10)]], rtol=1e-15)
        grads = pullback(np.ones((1, 1, 1)), np.zeros((1, 1)))  # s_bar = 9/10 (10 − 9), −9/10
        np.testing.assert_allclose(grads["bias"], [[[0.9, -0.9]]], rtol=1e-14)
        np.testing.assert_allclose(grads["query"], [[[1.8 * log3, 0]]], rtol=1e-14)
        np.testing.assert_allclose(grads["key"], [[[1.8, 1.8], [-1.8, -1.8]]], rtol=1e-14)
        np.testing.assert_allclose(grads["value"], [[[0.9], [0.1]]], rtol=1e-14)
        np.testing.assert_allclose(grads["scale"], 0.9 * log3, rtol=1e-14)
        grads = pullback(np.zeros((1, 1, 1)), np.ones((1, 1)))  # s_bar = p
        np.testing.assert_allclose(grads["bias"], [[[0.9, 0.1]]], rtol=1e-14)
        np.testing.assert_allclose(grads["key"], [[[1.8, 1.8], [0.2, 0.2]]], rtol=1e-14)
        assert not grads["value"].any()

    def test_shares_of_a_query_sum_to_one(self, rng):
        """Of equal values every query takes that value, whatever the scores, and no score has a slope. Kills: a softmax
        over queries, shares that are masked afterwards, the row sum dropped."""
        q, k, b = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 4)), rng.normal(size=(2, 3, 5))
        b[:, :, 3] = -np.inf
        (out, _), pullback = attention.vjp(q, k, np.full((2, 5, 2), 7.0), b, np.array(0.5))
        np.testing.assert_allclose(out, 7, rtol=1e-15)
        grads = pullback(rng.normal(size=(2, 3, 2)), np.zeros((2, 3)))
        for name in ("query", "key", "bias", "scale"):
            np.testing.assert_allclose(grads[name], 0, atol=1e-13)

    def test_what_is_masked_is_not_there(self, rng):
        """The same numbers without the masked keys, and no gradient for them. Kills: a small number for −∞, a score of
        zero, a mask behind the softmax."""
        q, k, v = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 4)), rng.normal(size=(2, 5, 2))
        b = rng.normal(size=(2, 3, 5))
        b[:, :, 2:4] = -np.inf
        some = [0, 1, 4]
        got, pullback = attention.vjp(q, k, v, b, np.array(0.5))
        want, without = attention.vjp(q, k[:, some], v[:, some], b[:, :, some], np.array(0.5))
        for x, y in zip(got, want, strict=True):
            np.testing.assert_allclose(x, y, rtol=1e-14)
        bars = rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 3))
        grads, fewer = pullback(*bars), without(*bars)
        for name in ("key", "value"):
            assert not grads[name][:, 2:4].any()
            np.testing.assert_allclose(grads[name][:, some], fewer[name], rtol=1e-12, atol=1e-14)
        assert not grads["bias"][:, :, 2:4].any()
        np.testing.assert_allclose(grads["query"], fewer["query"], rtol=1e-12, atol=1e-14)

    def test_parts_are_merged_by_their_normalisers(self, rng):
        """o = Σ e^{A_part − A} o_part: what A is for. Kills: A without its maximum, of unscaled scores, in bits."""
        q, k, v = rng.normal(size=(2, 3, 4)), 3 * rng.normal(size=(2, 6, 4)), rng.normal(size=(2, 6, 2))
        zero = np.zeros((2, 3, 6))
        out, lse = attention(q, k, v, zero, ONE)
        parts = [attention(q, k[:, i : i + 3], v[:, i : i + 3], zero[:, :, :3], ONE) for i in (0, 3)]
        np.testing.assert_allclose(np.log(np.exp(parts[0][1]) + np.exp(parts[1][1])), lse, rtol=1e-13)
        np.testing.assert_allclose(sum(np.exp(a - lse)[:, :, None] * o for o, a in parts), out, rtol=1e-12)

    def test_euler(self, rng):
        """Scores are linear in q, in k and in β: ⟨q, q_bar⟩ = ⟨k, k_bar⟩ = β β_bar, and Σ s_bar = Σ A_bar. Kills: a
        scale too few or too many in one gradient alone."""
        q, k, v = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 4)), rng.normal(size=(2, 5, 2))
        beta, bars = np.array(0.7), (rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 3)))
        grads = attention.vjp(q, k, v, rng.normal(size=(2, 3, 5)), beta)[1](*bars)
        np.testing.assert_allclose(np.sum(q * grads["query"]), beta * grads["scale"], rtol=1e-12)
        np.testing.assert_allclose(np.sum(k * grads["key"]), beta * grads["scale"], rtol=1e-12)
        np.testing.assert_allclose(np.sum(grads["bias"]), np.sum(bars[1]), rtol=1e-12)

    @pytest.mark.parametrize("lead", [10.0, 40.0, 300.0])
    def test_a_query_that_is_decided_keeps_its_gradient(self, lead):
        """s_bar = ±p (1 − p) of both keys. Kills: p (p_bar − ⟨p, p_bar⟩) as it stands, 0 from a lead of 37 on."""
        e = np.exp(-lead)
        grads = of_bias([lead, 0.0], [2.0, 5.0])[1](np.ones((1, 1, 1)), np.zeros((1, 1)))
        np.testing.assert_allclose(grads["bias"], [[[-3 * e / (1 + e) ** 2, 3 * e / (1 + e) ** 2]]], rtol=1e-14)

    @pytest.mark.parametrize("far", [700.0, -700.0, 1e5, -1e5])
    def test_far_scores(self, far):
        """A moves with b, o does not. Kills: exponentials without a shift."""
        (out, lse), _ = of_bias([far, far], [2.0, 5.0])
        np.testing.assert_allclose(out, 3.5, rtol=1e-15)
        np.testing.assert_allclose(lse, far + np.log(2), rtol=1e-15)


class TestTheMask:
    def test_a_query_looks_somewhere(self):
        """Libraries answer with zeros, a mean or NaN."""
        bias = np.zeros((1, 2, 2))
        bias[0, 1] = -np.inf
        said = refused(attention, ArgumentError, "bias must have a finite entry in every row", np.ones((1, 2, 1)),
                       np.ones((1, 2, 1)), np.ones((1, 2, 1)), bias, ONE)
        assert "row [0, 1]" in said

    @pytest.mark.parametrize("scale", [0.0, -0.125, np.inf, np.nan])
    def test_the_scale_is_positive(self, scale):
        refused(attention, ArgumentError, "scale must be positive and finite", *np.ones((3, 1, 1, 1)),
                np.zeros((1, 1, 1)), np.array(scale))
