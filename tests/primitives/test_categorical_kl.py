"""Divergences of laws of categories."""

import numpy as np

from refdgm.adversarial.gan_discriminator_loss import gan_discriminator_loss
from refdgm.primitives.categorical_kl import categorical_kl, jensen_shannon_divergence

from ..adversarial.two_laws import P, Q, batches
from ..kit import verify

TestCategoricalKl = verify(categorical_kl)
TestJensenShannonDivergence = verify(jensen_shannon_divergence)

TWO = np.array([[0.0, 0.0]]), np.log([[9.0, 1.0]])
JENSEN = jensen_shannon_divergence


def close(got, want, rtol=1e-14):
    np.testing.assert_allclose(got, want, rtol=rtol, atol=0)


class TestKullbackLeibler:
    def test_of_two_categories(self):
        """½ and ½ against 0.9 and 0.1: log 5/3; slopes ½ (log 5/9 − log 5/3), and q − p. Kills: arguments exchanged, a
        mean, an entropy that is forgotten, another unit, a sign, a slope that is not centred."""
        value, pullback = categorical_kl.vjp(*TWO)
        close(value, [np.log(5 / 3)])
        g = pullback(np.array([2.0]))
        close(g["logits_p"], [[-np.log(3), np.log(3)]])
        close(g["logits_q"], [[0.8, -0.8]])

    def test_of_laws_next_to_each_other(self, rng):
        """Logits 10⁻⁹ δ apart: ½ 10⁻¹⁸ Var_p δ up to 10⁻⁹ of it, and never below zero. Kills: a difference of rounded
        logarithms."""
        a, delta = np.round(rng.normal(size=(5, 7)) * 256) / 256, np.round(rng.normal(size=(5, 7)) * 16) * 2.0**-34
        p = np.exp(a) / np.sum(np.exp(a), axis=1, keepdims=True)
        centred = delta - np.sum(p * delta, axis=1, keepdims=True)
        variance = np.sum(p * centred**2, axis=1)
        close(categorical_kl(a, a + delta), variance / 2, 1e-8)
        close(JENSEN(a, a + delta), variance / 8, 1e-8)
        pullback = categorical_kl.vjp(a, a + delta)[1]
        close(pullback(np.ones(5))["logits_q"], p * centred, 1e-6)
        close(pullback(np.ones(5))["logits_p"], -p * centred, 1e-6)

    def test_the_same_law_twice(self, rng):
        """Exactly nothing, whatever constant the logits differ by. Kills: unnormalised laws."""
        a = np.round(rng.normal(size=(3, 5)) * 64) / 64
        for reference in (categorical_kl, JENSEN):
            for constant in (0.0, 4.0, -300.0):
                value, pullback = reference.vjp(a, a + constant)
                assert not value.any() and not any(x.any() for x in pullback(np.ones(3)).values())

    def test_a_cost_of_coding(self, rng):
        """The entropy and the divergence make the cross-entropy, of probabilities in sixteenths. Kills: a term."""
        p, q = np.array([3, 5, 8]) / 16, np.array([8, 2, 6]) / 16
        value = categorical_kl(np.log(p)[None], np.log(q)[None])
        close(value - np.sum(p * np.log(p)), [-np.sum(p * np.log(q))])

    def test_what_a_law_excludes(self):
        """0 log 0 = 0, and without bound where q excludes what p does not; there p has no slope."""
        none = -np.inf
        value, pullback = categorical_kl.vjp(np.array([[0, 0, none], [0, 0, none], [0, none, none]]),
                                             np.log([[9.0, 1, 0.5], [9, 1, 1e-300], [1, 1, 2]]))
        close(value, [np.log(5 / 3) + np.log(1.05), np.log(5 / 3), np.log(4)])
        close(pullback(np.ones(3))["logits_q"][2], [-0.75, 0.25, 0.5])
        assert not pullback(np.ones(3))["logits_p"][:, 2].any()
        value, pullback = categorical_kl.vjp(np.array([[0.0, 0.0], [0.0, none]]), np.array([[0.0, none], [none, 0.0]]))
        np.testing.assert_array_equal(value, [np.inf, np.inf])
        np.testing.assert_array_equal(pullback(np.ones(2))["logits_q"], [[0.5, -0.5], [-1, 1]])
        assert np.isnan(pullback(np.ones(2))["logits_p"]).all()


class TestJensenShannon:
    def test_of_two_categories(self):
        """m is 0.7 and 0.3. Kills: a mixture of logits, exchanged arguments, no mixture, no half, a mean."""
        value, pullback = JENSEN.vjp(*TWO)
        h, g = np.log([5 / 7, 5 / 3]), np.log([9 / 7, 1 / 3])
        close(value, [(np.sum(h) / 2 + 0.9 * g[0] + 0.1 * g[1]) / 2])
        back = pullback(np.array([2.0]))
        close(back["logits_p"], [[(h[0] - h[1]) / 4, (h[1] - h[0]) / 4]])
        close(back["logits_q"], [[0.09 * (g[0] - g[1]), 0.09 * (g[1] - g[0])]])

    def test_symmetric_and_bounded(self, rng):
        """Exchanged laws, exchanged slopes; log 2 where nothing is of both. Kills: half of it, no mixture, a bound that
        is exceeded."""
        a, b = rng.normal(size=(2, 5, 7)) * 4
        (value, back), (other, turned) = JENSEN.vjp(a, b), JENSEN.vjp(b, a)
        close(value, other, 1e-13)
        close(back(np.ones(5))["logits_p"], turned(np.ones(5))["logits_q"], 1e-12)
        none = -np.inf
        value, pullback = JENSEN.vjp(np.array([[0.0, 1, none, none], [0, 900, -900, 0]]),
                                     np.array([[none, none, 2.0, 1], [900, 0, 0, -900]]))
        close(value, [np.log(2), np.log(2)])
        assert (value <= np.log(2)).all()
        np.testing.assert_array_equal(pullback(np.ones(2))["logits_p"][0], np.zeros(4))
        close(JENSEN(np.array([[0.0, none]]), np.array([[0.0, 0.0]])), [0.75 * np.log(4 / 3)])

    def test_slopes_between_laws_that_hardly_meet(self):
        """p sure by e^{30} of one, q of the other: slopes are 15 e^{−30}, with their digits. Kills: h that is not
        measured from the likeliest category."""
        pullback = JENSEN.vjp(np.array([[30.0, 0.0]]), np.array([[0.0, 30.0]]))[1]
        small = np.exp(-30.0)
        want = 15 * small
        close(pullback(np.ones(1))["logits_p"], [[want, -want]], 1e-11)
        close(pullback(np.ones(1))["logits_q"], [[-want, want]], 1e-11)

    def test_the_loss_of_the_best_discriminator(self):
        """log 4 − 2 JSD, for laws of counts. Kills: another divergence, a factor of two."""
        with np.errstate(divide="ignore"):
            a, b = np.log(P), np.log(Q)
        best = np.clip(a - b, -1e4, 1e4)
        close(np.log(4) - 2 * JENSEN(a[None], b[None])[0], gan_discriminator_loss(*batches(best)))
