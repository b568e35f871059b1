"""Groups of channels less their mean, over their deviation."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.layers.group_norm import group_norm

from ..kit import verify
from ..refusal import refused

TestGroupNorm = verify(group_norm)

EPS = np.array(0.25)


def drawn(rng, *shape):
    return rng.normal(size=shape), rng.normal(size=shape[1:3]), rng.normal(size=shape[1:3])


class TestLaws:
    def test_by_hand(self):
        """Two channels of two pixels, 7 + (−3, 1), 7 + (−1, 3): mean 7, mean square 5, and 5 + 4 = 3². Beside it a
        group of zeros. Kills: moments of a channel, a pixel or all groups, D N − 1, ϵ outside, a path forgotten or
        taken twice, weights left out of the means, sums of a group for those of a channel."""
        x = np.zeros((1, 2, 2, 2))
        x[0, 0] = [[4.0, 8.0], [6.0, 10.0]]
        w, b = np.array([[1.0, 10.0], [2.0, 3.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])
        y, pullback = group_norm.vjp(x, w, b, np.array(4.0))
        np.testing.assert_allclose(y[0, 0], [[4, 5 + 1 / 3], [6 - 10 / 3, 16]], rtol=1e-15)
        np.testing.assert_array_equal(y[0, 1], [[7, 7], [8, 8]])
        bar = np.zeros_like(x)
        bar[0, 0, 1, 1], bar[0, 0, 1, 0] = 1.0, -1.0  # h = ∓10 there: its mean is zero, mean(h n) = 10/3
        grads = pullback(bar)
        n = np.array([[-1, 1 / 3], [-1 / 3, 1]])
        np.testing.assert_allclose(grads["x"][0, 0], (np.array([[0, 0], [-10, 10]]) - n * 10 / 3) / 3, rtol=1e-14)
        np.testing.assert_array_equal(grads["x"][0, 1], np.zeros((2, 2)))
        np.testing.assert_allclose(grads["weight"], [[0, 4 / 3], [0, 0]], rtol=1e-15)
        np.testing.assert_array_equal(grads["bias"], np.zeros((2, 2)))
        bar[0, 0, 1, 0] = 0.0  # now mean(h) = 10/4 = mean(h n)
        grads = pullback(bar)
        np.testing.assert_allclose(grads["x"][0, 0], (10 * bar[0, 0] - 2.5 - n * 2.5) / 3, rtol=1e-14)
        np.testing.assert_array_equal(grads["bias"], [[0, 1], [0, 0]])

    def test_a_group_hears_nothing_of_others(self, rng):
        """Groups and examples one by one are the same numbers. Kills: any mean across groups or examples, channels
        dealt out to groups, a reshape without a transpose."""
        x, w, b = drawn(rng, 3, 2, 5, 7)
        bar = rng.normal(size=x.shape)
        y, pullback = group_norm.vjp(x, w, b, EPS)
        grads, total = pullback(bar), {"weight": np.zeros_like(w), "bias": np.zeros_like(b)}
        for i, g in np.ndindex(3, 2):
            one, back = group_norm.vjp(x[i : i + 1, g : g + 1], w[g : g + 1], b[g : g + 1], EPS)
            alone = back(bar[i : i + 1, g : g + 1])
            np.testing.assert_allclose(y[i, g], one[0, 0], rtol=1e-13)
            np.testing.assert_allclose(grads["x"][i, g], alone["x"][0, 0], rtol=1e-12, atol=1e-14)
            for name, of in total.items():
                of[g] += alone[name][0]
        for name, of in total.items():
            np.testing.assert_allclose(grads[name], of, rtol=1e-12, atol=1e-14)

    @pytest.mark.parametrize("order", ["pixels", "channels"])
    def test_the_order_within_a_group_is_no_matter(self, order, rng):
        """Pixels or channels turned around, with their weights. Kills: a mean over a part of the group."""
        x, w, b = drawn(rng, 2, 3, 5, 7)
        bar = rng.normal(size=x.shape)
        turn = (lambda a: a[..., ::-1]) if order == "pixels" else (lambda a: a[:, :, ::-1])
        of_weights = (lambda a: a) if order == "pixels" else (lambda a: a[:, ::-1])
        y, pullback = group_norm.vjp(x, w, b, EPS)
        turned, back = group_norm.vjp(turn(x), of_weights(w), of_weights(b), EPS)
        np.testing.assert_allclose(turned, turn(y), rtol=1e-12, atol=1e-13)
        there, here = back(turn(bar)), pullback(bar)
        np.testing.assert_allclose(there["x"], turn(here["x"]), rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(there["weight"], of_weights(here["weight"]), rtol=1e-12, atol=1e-13)

    def test_length(self, rng):
        """The mean of n² is v/(v + ϵ) of the variance v of a group, and its mean zero. Kills: another power, ϵ
        elsewhere, D N − 1."""
        x = rng.normal(size=(3, 2, 5, 7))
        v = np.var(x, axis=(2, 3))
        n = group_norm(x, np.ones((2, 5)), np.zeros((2, 5)), EPS)
        np.testing.assert_allclose(np.mean(n**2, axis=(2, 3)), v / (v + 0.25), rtol=1e-13)
        np.testing.assert_allclose(np.mean(n, axis=(2, 3)), 0, atol=1e-15)

    def test_a_constant_on_a_group_changes_nothing(self, rng):
        """Also one that is 2¹⁰ times as large; the slopes of a group sum to zero, and those along x are ϵ's. Kills: the
        mean or the deviation held, mean(x²) − mean(x)²."""
        x, w, b = drawn(rng, 2, 3, 5, 7)
        x = np.round(x * 64) / 64
        moved = x + 1024.0 * np.array([1.0, -1.0, 2.0])[:, None, None]
        np.testing.assert_allclose(group_norm(moved, w, b, EPS), group_norm(x, w, b, EPS), rtol=1e-12, atol=1e-13)
        got = group_norm.vjp(x, w, b, np.array(1e-14))[1](rng.normal(size=x.shape))["x"]
        np.testing.assert_allclose(np.sum(got, axis=(2, 3)), 0, atol=1e-13)
        np.testing.assert_allclose(np.sum(got * x, axis=(2, 3)), 0, atol=1e-12)


class TestArguments:
    @pytest.mark.parametrize("eps", [0.0, -1e-5, np.inf, np.nan])
    def test_eps_is_positive(self, eps):
        one = np.ones((1, 1, 2, 3)), np.ones((1, 2)), np.ones((1, 2))
        refused(group_norm, ArgumentError, "eps must be positive and finite", *one, np.array(eps))

    @pytest.mark.parametrize("shape", [(1, 2, 0, 3), (1, 2, 3, 0)])
    def test_of_nothing_there_is_no_mean(self, shape):
        of = np.ones(shape), np.ones(shape[1:3]), np.ones(shape[1:3])
        refused(group_norm, ArgumentError, f"group_norm needs {'DN'[shape[3] == 0]} of at least 1", *of, EPS)
