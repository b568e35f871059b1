"""What a classifier is trained with."""

import numpy as np

from refdgm import ArgumentError
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood
from refdgm.primitives.cross_entropy import cross_entropy

from ..kit import verify
from ..refusal import refused

TestCrossEntropy = verify(cross_entropy)

QUARTERS = np.log([[2.0, 1.0, 1.0]])


class TestLaws:
    def test_at_known_probabilities(self):
        """y = ½, ¼, ¼: labels cost log 2 and log 4, shares ¾ and ¼ of them 1.25 log 2; slopes y − t. Kills: another
        label, a mean, σ for softmax, softmax twice, a smoothed label, a sign, a target that is rounded or held."""
        logits, target = np.repeat(QUARTERS, 3, axis=0), np.array([[1, 0, 0], [0, 0, 1], [0.75, 0.25, 0]])
        value, pullback = cross_entropy.vjp(logits, target)
        np.testing.assert_allclose(value, np.log(2) * np.array([1, 2, 1.25]), rtol=1e-15)
        g = pullback(np.array([1.0, 2.0, 4.0]))
        np.testing.assert_allclose(g["logits"], [[-0.5, 0.25, 0.25], [1, 0.5, -1.5], [-1, 0, 1]], rtol=1e-14,
                                   atol=1e-16)
        np.testing.assert_allclose(g["target"], np.log(2) * np.outer([1, 2, 4], [1, 2, 2]), rtol=1e-15)

    def test_the_best_law_is_that_of_the_shares(self, rng):
        """At ℓ = log t no slope, and J is the entropy. Kills: another optimum, the entropy taken off."""
        t = np.array([[3, 5, 8], [1, 14, 1]]) / 16
        value, pullback = cross_entropy.vjp(np.log(t) + np.array([[7], [-2]]), t)
        np.testing.assert_allclose(value, -np.sum(t * np.log(t), axis=1), rtol=1e-14)
        np.testing.assert_allclose(pullback(np.ones(2))["logits"], np.zeros((2, 3)), atol=1e-15)

    def test_examples_that_are_left_out(self, rng):
        """A row of zeros: exactly nothing, and no slope. Twice the row, twice the cost. Kills: y − t whatever t sums
        to."""
        logits, target = rng.normal(size=(2, 5)), rng.uniform(size=(2, 5))
        value, pullback = cross_entropy.vjp(logits, target * [[0], [1]])
        assert value[0] == 0 and not pullback(np.ones(2))["logits"][0].any()
        double, twice = cross_entropy.vjp(logits, 2 * target)
        np.testing.assert_allclose(double[1], 2 * value[1], rtol=1e-15)
        np.testing.assert_allclose(twice(np.ones(2))["logits"][1], 2 * pullback(np.ones(2))["logits"][1], rtol=1e-13)

    def test_sure_of_the_label(self):
        """A margin of 50: e^{−50}, and ∓e^{−50} for the slopes; of −50: 50. Kills: a rounded probability, an ε."""
        value, pullback = cross_entropy.vjp(np.array([[50.0, 0], [0, 50]]), np.array([[1.0, 0], [1, 0]]))
        small = np.exp(-50.0)
        np.testing.assert_allclose(value, [small, 50], rtol=1e-15)
        np.testing.assert_allclose(pullback(np.ones(2))["logits"], [[-small, small], [-1, 1]], rtol=1e-15)

    def test_of_two_categories_it_is_that_of_a_choice(self, rng):
        """Logits a and 0, shares x and 1 − x: less the likelihood of a binary choice. Kills: one against all."""
        a, x = rng.normal(size=7) * 4, rng.uniform(size=7)
        value = cross_entropy(np.stack([a, 0 * a], axis=1), np.stack([x, 1 - x], axis=1))
        np.testing.assert_allclose(value, -bernoulli_log_likelihood(a, x), rtol=1e-14)

    def test_what_is_excluded(self):
        """−∞ where nothing is asked costs nothing; where a label is, everything."""
        logits = np.array([[0.0, 0, -np.inf], [0, 0, -np.inf]])
        value, pullback = cross_entropy.vjp(logits, np.array([[1.0, 0, 0], [0, 0, 1]]))
        np.testing.assert_array_equal(value, [np.log(2), np.inf])
        np.testing.assert_array_equal(pullback(np.ones(2))["logits"], [[-0.5, 0.5, 0], [0.5, 0.5, -1]])

    def test_negative_targets_are_refused(self):
        said = refused(cross_entropy, ArgumentError, "target must be 0 or positive, and finite", np.zeros((1, 2)),
                       np.array([[-100.0, 1.0]]))
        assert "a label is a row with a single 1" in said
