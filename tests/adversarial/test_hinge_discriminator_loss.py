"""The hinge loss of a discriminator."""

import numpy as np

from refdgm.adversarial.hinge_discriminator_loss import hinge_discriminator_loss

from ..kit import verify
from .two_laws import P, Q, batches

TestHingeDiscriminatorLoss = verify(hinge_discriminator_loss)


class TestLaws:
    def test_at_whole_numbers(self):
        """Data 3, 0, −2 and samples −5, 2: (0 + 1 + 3)/3 + (0 + 3)/2; slopes 0, −⅓, −⅓ and 0, ½. Kills: signs, minima,
        margins at zero, a lost hinge, one mean."""
        value, pullback = hinge_discriminator_loss.vjp(np.array([3.0, 0.0, -2.0]), np.array([-5.0, 2.0]))
        np.testing.assert_allclose(value, 4 / 3 + 3 / 2, rtol=1e-15)
        g = pullback(np.array(1.0))
        np.testing.assert_allclose([*g["real"], *g["fake"]], [0, -1 / 3, -1 / 3, 0, 1 / 2], rtol=1e-15)

    def test_the_best_score(self):
        """sign(p − q): J = 2 (1 − TV(p, q)), and nowhere less. Kills: squares, magnitudes, weights of the classes."""
        best = np.sign(P - Q)
        least = hinge_discriminator_loss(*batches(best))
        np.testing.assert_allclose(least, 2 - np.sum(np.abs(P - Q)), rtol=1e-14)
        for moved in (*np.eye(4), *-np.eye(4)):
            for size in (0.25, 3.0):
                assert hinge_discriminator_loss(*batches(best + size * moved)) > least - 1e-15

    def test_at_a_margin(self):
        """No loss and no slope. Kills: [a ≤ 1]."""
        value, pullback = hinge_discriminator_loss.vjp(np.array([1.0]), np.array([-1.0]))
        assert value == 0 and not any(np.any(x) for x in pullback(np.array(1.0)).values())

    def test_beyond_and_within(self, rng):
        """Beyond both margins nothing; within both 2 − mean a + mean b. Kills: a hinge too few or too many."""
        real, fake = rng.uniform(-1, 1, size=3), rng.uniform(-1, 1, size=5)
        np.testing.assert_allclose(hinge_discriminator_loss(real, fake), 2 - np.mean(real) + np.mean(fake), rtol=1e-14)
        assert hinge_discriminator_loss(real + 2.5, fake - 2.5) == 0
