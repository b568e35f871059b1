"""Log-sum-exp, softmax and log-softmax."""

import numpy as np
import pytest

from refdgm.primitives.softmax import log_softmax, log_sum_exp, softmax

from ..kit import verify

TestLogSumExp = verify(log_sum_exp)
TestSoftmax = verify(softmax)
TestLogSoftmax = verify(log_softmax)

ALL = (log_sum_exp, softmax, log_softmax)


def row(*numbers):
    return np.array([numbers], dtype=np.float64)


def pulled(reference, logits, bar):
    return reference.vjp(logits)[1](bar)["logits"]


class TestLawsOfTheNormaliser:
    def test_logarithms_of_whole_numbers_add_up(self):
        """lse(log 2, log 3, log 5) = log 10, slopes (2, 3, 5)/10. Kills: a mean for the sum, the shift not given
        back, another base, a slope without its normaliser."""
        logits = np.log(row(2, 3, 5))
        np.testing.assert_allclose(log_sum_exp(logits), np.log([10.0]), rtol=1e-15)
        np.testing.assert_allclose(pulled(log_sum_exp, logits, np.array([4.0])), row(0.8, 1.2, 2.0), rtol=1e-15)

    def test_one_category_and_equal_categories(self):
        """ℓ itself, and ℓ + log K. Kills: a constant, log K − 1, log(K − 1): the winner counted twice or never."""
        np.testing.assert_array_equal(log_sum_exp(np.array([[-2.5], [1000.0]])), [-2.5, 1000.0])
        np.testing.assert_allclose(log_sum_exp(np.full((1, 7), 0.25)), [0.25 + np.log(7)], rtol=1e-15)

    def test_what_is_far_below_the_largest_still_counts(self):
        """10⁻¹⁰ + e⁻⁴⁰ and e⁻⁴⁵. Kills: log of the whole sum, which is right to seven digits in the first, to none
        in the second."""
        far = log_sum_exp(np.array([[1e-10, -40.0], [0.0, -45.0]]))
        np.testing.assert_allclose(far, [1e-10 + np.exp(-40), np.exp(-45)], rtol=1e-13)

    def test_is_the_mean_of_the_largest_perturbed_logit(self):
        """E max_k (ℓ_k + g_k) = lse(ℓ) + γ_E, by the trapezoidal rule over the law of that maximum, exact to
        rounding here. Kills: any A that is not the log-normaliser of the draw."""
        logits, x = np.array([0.3, -0.9, 1.2]), np.arange(-12 * 64, 60 * 64 + 1) / 64
        below = np.exp(-np.sum(np.exp(logits - x[:, None]), axis=1))  # P(max ≤ x)
        mean = 60 - (np.sum(below) - below[-1] / 2) / 64
        euler = 0.577215664901532860607
        np.testing.assert_allclose(log_sum_exp(logits[None]), [mean - euler], rtol=1e-13)

    def test_is_the_conjugate_of_the_negative_entropy(self, rng):
        """lse(ℓ) ≥ ⟨p, ℓ⟩ + H(p) for every p, with equality at softmax. Kills: a value and slope of another scale."""
        logits = rng.normal(size=(1, 5))
        y = pulled(log_sum_exp, logits, np.ones(1))
        np.testing.assert_allclose(log_sum_exp(logits), [np.sum(y * (logits - np.log(y)))], rtol=1e-14)
        for p in rng.dirichlet(np.ones(5), size=20):
            assert log_sum_exp(logits)[0] >= np.sum(p * (logits[0] - np.log(p)))


class TestLawsOfSoftmax:
    def test_logarithms_of_whole_numbers_are_shares(self):
        """(2, 3, 5)/10 and the slope of the first entry, y₀(1 − y₀) beside −y₀ y_j. Kills: a Jacobian without its
        rank-one part, the derivative of log y, a missing normaliser."""
        logits = np.log(row(2, 3, 5))
        np.testing.assert_allclose(softmax(logits), row(0.2, 0.3, 0.5), rtol=1e-15)
        np.testing.assert_allclose(pulled(softmax, logits, row(1, 0, 0)), row(0.16, -0.06, -0.1), rtol=1e-14)
        np.testing.assert_allclose(pulled(softmax, logits, row(0, 0, 1)), row(-0.1, -0.15, 0.25), rtol=1e-14)

    def test_two_categories_are_one_logistic(self):
        """(1 + tanh(a/2))/2. Kills: tanh a, a temperature."""
        a = np.array([-1.5, 0.25, 3.0])
        got = softmax(np.stack([a + 2, np.full(3, 2.0)], axis=1))
        np.testing.assert_allclose(got[:, 0], (1 + np.tanh(a / 2)) / 2, rtol=1e-14)

    @pytest.mark.parametrize("a", [5.0, 50.0, 500.0])
    def test_the_winner_keeps_the_digits_of_its_gradient(self, a):
        """dy₀/dℓ₀ = e^{−a}/(1 + e^{−a})². Kills: y ∘ (y_bar − ⟨y_bar, y⟩) as it stands, which is 0 from a = 37."""
        want = np.exp(-a) / (1 + np.exp(-a)) ** 2
        np.testing.assert_allclose(pulled(softmax, row(a, 0), row(1, 0)), row(want, -want), rtol=1e-14, atol=0)
        np.testing.assert_allclose(pulled(softmax, row(0, a), row(3, 1)), row(2 * want, -2 * want), rtol=1e-14, atol=0)

    def test_impossible_categories_are_exactly_zero(self):
        """ℓ = −∞ is a mask. Kills: 0 · ∞, a mask that is only very small."""
        logits, bar = row(0.5, -np.inf, -np.inf, 0.0), row(1, 5, -7, 0)
        p = 1 / (1 + np.exp(-0.5))
        np.testing.assert_allclose(softmax(logits), row(p, 0, 0, 1 - p), rtol=1e-15)
        slope = p * (1 - p)
        np.testing.assert_allclose(pulled(softmax, logits, bar), row(slope, 0, 0, -slope), rtol=1e-14)
        np.testing.assert_allclose(pulled(log_sum_exp, logits, np.ones(1)), row(p, 0, 0, 1 - p), rtol=1e-15)


class TestLawsOfLogSoftmax:
    def test_logarithms_of_shares(self):
        """log((2, 3, 5)/10); the slope of one log-probability is onehot − y. Kills: y_bar alone, the derivative of
        y."""
        logits = np.log(row(2, 3, 5))
        np.testing.assert_allclose(log_softmax(logits), np.log(row(0.2, 0.3, 0.5)), rtol=1e-15)
        np.testing.assert_allclose(pulled(log_softmax, logits, row(0, 1, 0)), row(-0.2, 0.7, -0.5), rtol=1e-14)
        np.testing.assert_allclose(pulled(log_softmax, logits, row(0, 0, 2)), row(-0.4, -0.6, 1.0), rtol=1e-14)

    def test_cotangents_of_any_sum(self):
        """s_bar = (1, 2, −4): y_bar + y, for its sum is −1. Kills: y_bar − y, which is right for labels only; the mean
        of y_bar."""
        got = pulled(log_softmax, np.log(row(2, 3, 5)), row(1, 2, -4))
        np.testing.assert_allclose(got, row(1.2, 2.3, -3.5), rtol=1e-14)

    @pytest.mark.parametrize("a", [5.0, 50.0, 500.0])
    def test_a_label_that_is_predicted_well(self, a):
        """s₀ = −log1p(e^{−a}), ds₀/dℓ₀ = 1/(1 + e^a). Kills: ℓ − lse(ℓ) and y_bar − y Σ y_bar as they stand: both 0
        from 37."""
        s, pullback = log_softmax.vjp(row(a, 0))
        np.testing.assert_allclose(s, row(-np.log1p(np.exp(-a)), -a - np.log1p(np.exp(-a))), rtol=1e-15, atol=0)
        grad = pullback(row(1, 0))["logits"]
        want = np.exp(-a) / (1 + np.exp(-a))
        np.testing.assert_allclose(grad, row(want, -want), rtol=1e-14, atol=0)

    def test_what_is_far_below_the_winner_keeps_its_log_probability(self):
        """s = ℓ − ℓ_k where the winner is certain. Kills: a clamp, −∞ from the logarithm of a probability of 0."""
        logits = row(1e4, 0, -1e300)
        np.testing.assert_allclose(log_softmax(logits), row(0, -1e4, -1e300), rtol=4e-16, atol=0)
        wide = np.array([[1e37, -1e37, 0]], np.float32)
        np.testing.assert_array_equal(log_softmax(wide), wide - wide[:, :1])

    def test_impossible_categories(self):
        """s = −∞; without a cotangent of their own they are as if they were not there, with one it passes through,
        the limit of ℓ → −∞. Kills: NaN from −∞ + ∞ or 0 · ∞."""
        logits = row(0.5, -np.inf, 0.0)
        s, pullback = log_softmax.vjp(logits)
        p = 1 / (1 + np.exp(-0.5))
        np.testing.assert_allclose(s, row(np.log(p), -np.inf, np.log(1 - p)), rtol=1e-14)
        np.testing.assert_allclose(pullback(row(1, 0, 0))["logits"], row(1 - p, 0, p - 1), rtol=1e-14)
        for bar in (row(1, 0.25, 0), row(0.5, -3, 2)):
            near = pulled(log_softmax, row(0.5, -700.0, 0.0), bar)
            np.testing.assert_allclose(pullback(bar)["logits"], near, rtol=1e-14)
            assert pullback(bar)["logits"][0, 1] == bar[0, 1]


class TestLawsOfAllThree:
    def test_a_common_shift(self, rng):
        """It is added to A and changes nothing else; so Σ_j ℓ_bar_j is A_bar for the first and 0 for the others. Kills:
        unnormalised weights, a detached maximum."""
        logits, shift = rng.normal(size=(4, 5)), np.array([1.0, -2.0, 8.0, 1024.0])
        bar = rng.normal(size=(4, 5))
        moved = logits + shift[:, None]
        logits = moved - shift[:, None]  # the same numbers, for the shift rounds
        np.testing.assert_allclose(log_sum_exp(moved) - shift, log_sum_exp(logits), rtol=1e-12)
        np.testing.assert_allclose(np.sum(pulled(log_sum_exp, moved, bar[:, 0]), axis=1), bar[:, 0], rtol=1e-14)
        for reference in (softmax, log_softmax):
            np.testing.assert_allclose(reference(moved), reference(logits), rtol=1e-14)
            np.testing.assert_allclose(np.sum(pulled(reference, moved, bar), axis=1), 0, atol=1e-14)

    def test_rows_do_not_know_of_one_another(self, rng):
        """In a square of logits. Kills: the softmax over the batch."""
        logits = rng.normal(size=(4, 4))
        for reference in ALL:
            for one in range(4):
                alone = reference(logits[one : one + 1])
                np.testing.assert_allclose(reference(logits)[one : one + 1], alone, rtol=1e-15)

    def test_ties_share(self):
        """Two largest of equal size. Kills: the winner taken for all that equal it, or both for one."""
        logits = row(-np.log(2), 0, 0)
        np.testing.assert_allclose(log_sum_exp(logits), [np.log(2.5)], rtol=1e-15)
        np.testing.assert_allclose(softmax(logits), row(0.2, 0.4, 0.4), rtol=1e-15)
        np.testing.assert_allclose(log_softmax(logits), np.log(row(0.2, 0.4, 0.4)), rtol=1e-15)
        np.testing.assert_allclose(pulled(log_softmax, logits, row(0, 0, 1)), row(-0.2, -0.4, 0.6), rtol=1e-14)
        np.testing.assert_allclose(pulled(log_softmax, logits, row(0, 1, 0)), row(-0.2, 0.6, -0.4), rtol=1e-14)
