"""What a discriminator is trained with."""

import numpy as np

from refdgm.adversarial.gan_discriminator_loss import gan_discriminator_loss
from refdgm.adversarial.gan_generator_loss import gan_generator_loss

from ..kit import verify
from .two_laws import P, Q, batches, by_state

TestGanDiscriminatorLoss = verify(gan_discriminator_loss)


class TestLaws:
    def test_where_the_exponentials_are_whole_numbers(self):
        """D = ¾ and ½ for two data, ⅔ for the one sample: ½ log 8/3 + log 3; slopes −¼/2, −½/2 and ⅔. Kills: one mean,
        sums, labels exchanged, a slope of the other class, σ twice."""
        value, pullback = gan_discriminator_loss.vjp(np.array([np.log(3), 0.0]), np.array([np.log(2)]))
        np.testing.assert_allclose(value, np.log(8 / 3) / 2 + np.log(3), rtol=1e-15)
        g = pullback(np.array(1.0))
        np.testing.assert_allclose([*g["real"], *g["fake"]], [-1 / 8, -1 / 4, 2 / 3], rtol=1e-15)

    def test_the_best_logit(self):
        """log(p/q), but for ±1e4 where one of them is zero: J = log 4 − 2 JSD(p, q), and no state has a slope. Kills:
        smoothed labels, weights of the classes, one mean over both."""
        with np.errstate(divide="ignore"):
            best = np.clip(np.log(P) - np.log(Q), -1e4, 1e4)
        value, pullback = gan_discriminator_loss.vjp(*batches(best))
        middle = (P + Q) / 2
        entropy = lambda p: -np.sum(p[p > 0] * np.log(p[p > 0]))
        divergence = entropy(middle) - (entropy(P) + entropy(Q)) / 2
        np.testing.assert_allclose(value, np.log(4) - 2 * divergence, rtol=1e-14)
        np.testing.assert_allclose(by_state(pullback(np.array(1.0))), np.zeros(4), atol=1e-16)
        for moved in np.eye(4)[:3] * 0.01:
            assert gan_discriminator_loss(*batches(best + moved)) > value

    def test_undecided_and_far_out(self):
        """log 4 at zero, whatever the sizes; ±800: 0 and 1600. Kills: one mean, a logarithm of a rounded D."""
        for b, m in ((1, 1), (2, 5), (7, 3)):
            full = lambda a, b=b, m=m: gan_discriminator_loss(np.full(b, a), np.full(m, -a))
            np.testing.assert_allclose(full(0.0), np.log(4), rtol=1e-15)
            np.testing.assert_array_equal([full(800.0), full(-800.0)], [0, 1600])

    def test_a_game_of_sum_zero(self, rng):
        """What samples have in it is minus minimax's mean for the generator. Kills: a sign, a weight."""
        real, fake = rng.normal(size=3), rng.normal(size=5)
        both = gan_discriminator_loss.vjp(real, fake)[1](np.array(1.0))["fake"]
        alone = gan_generator_loss.vjp(fake, objective="minimax")[1](np.full(5, 0.2))["fake"]
        np.testing.assert_allclose(both, -alone, rtol=1e-15)
