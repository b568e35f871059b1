"""The Inception Score."""

import numpy as np
import pytest

from refdgm.metrics.inception_score import inception_score

from ..kit import verify

TestInceptionScore = verify(inception_score)


class TestLaws:
    def test_at_whole_numbers(self):
        """p = (¾, ¼) and (½, ½), m = (⅝, ⅜): w = log 6/5, log 2/3 and log 4/5, log 4/3, and p₁p₂(w₁ − w₂)/B for the
        slopes. Kills: either divergence, a sum, means of exponentials, no projection, no factor IS."""
        value, pullback = inception_score.vjp(np.log([[3.0, 1.0], [1.0, 1.0]]))
        w = np.log([[6 / 5, 2 / 3], [4 / 5, 4 / 3]])
        want = np.exp((0.75 * w[0, 0] + 0.25 * w[0, 1] + 0.5 * w[1, 0] + 0.5 * w[1, 1]) / 2)
        np.testing.assert_allclose(value, want, rtol=1e-15)
        slopes = want / 2 * np.array([3 / 16, 1 / 4]) * (w[:, 0] - w[:, 1])
        np.testing.assert_allclose(pullback(np.array(1.0))["logits"], np.stack([slopes, -slopes], 1), rtol=1e-14)

    @pytest.mark.parametrize("classes", [2, 5])
    def test_sure_but_for_a_little(self, classes):
        """p = 1 − e for the sample's own class, the rest even: log IS = log K + (1 − e) log(1 − e) + e log(e/(K − 1)),
        and K for e = 0. Kills: bits, entropies of one kind alone, a mean of logits."""
        for e in (0.0, 0.3):
            own = np.eye(classes) * (np.log1p(-e) - np.log(e / (classes - 1)) if e else 800.0)
            log_score = np.log(classes) + ((1 - e) * np.log1p(-e) + e * np.log(e / (classes - 1)) if e else 0.0)
            np.testing.assert_allclose(inception_score(own), np.exp(log_score), rtol=1e-14)

    def test_nothing_but_the_samples_counts(self, rng):
        """Every sample twice, in another order, or with other constants: the same. All alike: 1. Kills: splits, sums,
        an order, a term of the logits themselves."""
        logits = 3 * rng.normal(size=(5, 4))
        value = inception_score(logits)
        np.testing.assert_allclose(inception_score(np.concatenate([logits, logits[::-1]])), value, rtol=1e-14)
        np.testing.assert_allclose(inception_score(logits + 9 * rng.normal(size=(5, 1))), value, rtol=1e-13)
        np.testing.assert_allclose(inception_score(np.tile(logits[:1], (3, 1))), 1, rtol=1e-14)
        assert 1 < value < 4

    def test_nearly_even(self, rng):
        """ℓ = h a, for h to 0: the gradient is h/(BK) times what is left of a without the means of rows and columns.
        Kills: digits that are lost against log K or log B."""
        a = rng.normal(size=(3, 7))
        left = a - np.mean(a, axis=1, keepdims=True)
        left -= np.mean(left, axis=0)
        g = inception_score.vjp(1e-9 * a)[1](np.array(1.0))["logits"]
        np.testing.assert_allclose(g, 1e-9 / 21 * left, rtol=1e-6)

    def test_sure(self):
        """Two samples, (0, −18, −90) and (−30, −50, 0): what the first sends to its second class is p₁p₂ times
        (w₂ − w₁), a small number. Kills: w with log B in it."""
        first, other = np.array([0.0, -18.0, -90.0]), np.array([-30.0, -50.0, 0.0])
        value, pullback = inception_score.vjp(np.stack([first, other]))
        p = np.exp(first) / np.sum(np.exp(first))
        ratio = (np.exp(other) / np.sum(np.exp(other)))[:2] / p[:2]
        w = -np.log1p(ratio)
        want = value / 2 * p[0] * p[1] * (w[1] - w[0])
        np.testing.assert_allclose(pullback(np.array(1.0))["logits"][0, 1], want, rtol=1e-10)
