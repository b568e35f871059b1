"""The log-likelihood of binary choices."""

from itertools import product

import numpy as np

from refdgm import ArgumentError
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood

from ..kit import verify
from ..refusal import refused

TestBernoulliLogLikelihood = verify(bernoulli_log_likelihood)

THREE = np.log(3.0)  # σ(log 3) = ¾


class TestLaws:
    def test_at_known_probabilities(self):
        """p = ¾ and ¼, x = 1, 0 and ½. Kills: either term forgotten, a sign, σ twice, exchanged labels or arguments, a
        square, a mean, the slope of the loss or of σ, x rounded or detached."""
        logits = np.array([[THREE, THREE], [-THREE, THREE]])
        value, pullback = bernoulli_log_likelihood.vjp(logits, np.array([[1.0, 0.0], [0.5, 0.5]]))
        np.testing.assert_allclose(value, [np.log(3 / 16), np.log(3 / 16)], rtol=1e-15)
        g = pullback(np.array([2.0, 16.0]))
        np.testing.assert_allclose(g["logits"], [[0.5, -1.5], [4, -4]], rtol=1e-14)
        np.testing.assert_allclose(g["x"], [[2 * THREE, 2 * THREE], [-16 * THREE, 16 * THREE]], rtol=1e-15)

    def test_probabilities_sum_to_one(self, rng):
        """Over all eight pictures of three pixels; and their mean of the gradient is zero. Kills: another p, a factor,
        a term, a sum over the wrong axis, an ε under the logarithm, a clamp."""
        pictures = np.array(list(product([0.0, 1.0], repeat=3)))
        for logits in (*rng.normal(size=(3, 3)), np.array([17.0, -30.0, 2.0])):
            value, pullback = bernoulli_log_likelihood.vjp(np.tile(logits, (8, 1)), pictures)
            p = np.exp(value)
            np.testing.assert_allclose(np.sum(p), 1, rtol=1e-14)
            np.testing.assert_allclose(np.sum(pullback(p)["logits"], axis=0), np.zeros(3), atol=1e-14)
            np.testing.assert_allclose(p @ pictures, 1 / (1 + np.exp(-logits)), rtol=1e-12)

    def test_the_best_logit_of_grey_is_its_own(self, rng):
        """At l = log x/(1 − x) no gradient, and J = −H(x), here of sixteenths. Kills: another optimum, x rounded."""
        x = np.arange(1, 16).reshape(3, 5) / 16
        value, pullback = bernoulli_log_likelihood.vjp(np.log(x / (1 - x)), x)
        np.testing.assert_allclose(value, np.sum(x * np.log(x) + (1 - x) * np.log(1 - x), axis=1), rtol=1e-14)
        np.testing.assert_allclose(pullback(np.ones(3))["logits"], np.zeros((3, 5)), atol=1e-15)

    def test_sure_decoders(self):
        """l = ±800: −800 where wrong, 0 where right; l = 40: J = −e^{−40}, slope e^{−40}. Kills: an ε, a clamp,
        1 − σ(l), max(l, 0) − x l."""
        value, pullback = bernoulli_log_likelihood.vjp(np.array([800.0, 800.0, -800.0, -800.0]),
                                                       np.array([1.0, 0.0, 1.0, 0.0]))
        np.testing.assert_array_equal(value, [0, -800, -800, 0])
        np.testing.assert_array_equal(pullback(np.ones(4))["logits"], [0, -1, 1, 0])
        value, pullback = bernoulli_log_likelihood.vjp(np.array([40.0, -40.0]), np.array([1.0, 0.0]))
        np.testing.assert_allclose(value, -np.exp([-40.0, -40.0]), rtol=1e-15)
        np.testing.assert_allclose(pullback(np.ones(2))["logits"], np.exp([-40.0, -40.0]) * [1, -1], rtol=1e-15)

    def test_bytes_are_refused(self):
        said = refused(bernoulli_log_likelihood, ArgumentError, "x must be from 0 to 1", np.zeros((1, 2)),
                       np.array([[0.0, 255.0]]))
        assert "divide bytes by 255" in said
