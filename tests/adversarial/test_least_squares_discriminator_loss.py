"""The squares of a discriminator."""

import numpy as np

from refdgm.adversarial.least_squares_discriminator_loss import least_squares_discriminator_loss

from ..kit import verify
from .two_laws import P, Q, batches, by_state

TestLeastSquaresDiscriminatorLoss = verify(least_squares_discriminator_loss)


class TestLaws:
    def test_at_whole_numbers(self):
        """Data 4, −1 and samples 2, 0, 5: (9 + 4)/4 + (4 + 25)/6; slopes 3/2, −1 and ⅔, 0, 5/3. Kills: labels, halves,
        one mean, magnitudes."""
        value, pullback = least_squares_discriminator_loss.vjp(np.array([4.0, -1.0]), np.array([2.0, 0.0, 5.0]))
        np.testing.assert_allclose(value, 13 / 4 + 29 / 6, rtol=1e-15)
        g = pullback(np.array(1.0))
        np.testing.assert_allclose([*g["real"], *g["fake"]], [3 / 2, -1, 2 / 3, 0, 5 / 3], rtol=1e-15)

    def test_the_best_score(self):
        """p/(p + q): J = ½ Σ pq/(p + q), and no state has a gradient. Kills: labels ±1, smoothed labels, weights of the
        classes, σ before the squares."""
        value, pullback = least_squares_discriminator_loss.vjp(*batches(P / (P + Q)))
        np.testing.assert_allclose(value, np.sum(P * Q / (P + Q)) / 2, rtol=1e-14)
        np.testing.assert_allclose(by_state(pullback(np.array(1.0))), np.zeros(4), atol=1e-16)

    def test_a_parabola(self, rng):
        """J moved by t along a direction is exactly ½ t² (mean u² + mean v²) more, and t times the gradient. Kills: any
        other power; halves in one term."""
        real, u, fake, v = rng.normal(size=3), rng.normal(size=3), rng.normal(size=5), rng.normal(size=5)
        value, pullback = least_squares_discriminator_loss.vjp(real, fake)
        g = pullback(np.array(1.0))
        for t in (0.5, -7.0):
            more = t * (g["real"] @ u + g["fake"] @ v) + t * t * (np.mean(u * u) + np.mean(v * v)) / 2
            np.testing.assert_allclose(least_squares_discriminator_loss(real + t * u, fake + t * v), value + more,
                                       rtol=1e-13)
