"""What a generator is trained with."""

import numpy as np
import pytest

from refdgm.adversarial.gan_generator_loss import gan_generator_loss
from refdgm.nets.mlp import mlp

from ..kit import verify

TestGanGeneratorLoss = verify(gan_generator_loss)

WORDS = ("minimax", "non_saturating", "probability")


def both(fake, objective):
    value, pullback = gan_generator_loss.vjp(np.asarray(fake, float), objective=objective)
    return value, pullback(np.ones(len(value)))["fake"]


class TestLaws:
    def test_a_sample_that_is_seen_through(self):
        """D = 1/100: log 0.99 with slope −0.01, log 100 with slope −0.99, −0.01 with slope −0.0099. Kills: one loss
        for another, its value with another's slope, every sign, a slope for D."""
        wanted = {"minimax": (np.log(0.99), -0.01), "non_saturating": (np.log(100.0), -0.99),
                  "probability": (-0.01, -0.0099)}
        for objective, (value, slope) in wanted.items():
            got = both([-np.log(99.0)], objective)
            np.testing.assert_allclose([got[0][0], got[1][0]], [value, slope], rtol=1e-13)

    def test_undecided(self):
        """D = ½: −log 2, log 2, −½; slopes −½, −½, −¼. Kills: another base, 1 − log D, σ twice."""
        got = [both([0.0], objective) for objective in WORDS]
        np.testing.assert_allclose(np.ravel(got), [-np.log(2), -0.5, np.log(2), -0.5, -0.5, -0.25], rtol=1e-15)

    def test_two_add_up_to_a_variance(self, rng):
        """non_saturating − minimax = −log D(1 − D), and the slope of −D is minus e to minus that; slopes of the first
        two add up to −1. Kills: one of them with the other's argument."""
        a = rng.normal(size=9) * 4
        (game, down), (used, up), (plain, slope) = (both(a, objective) for objective in WORDS)
        np.testing.assert_allclose(slope, -np.exp(game - used), rtol=1e-13)
        np.testing.assert_allclose(down + up, np.full(9, -1.0), rtol=1e-15)
        np.testing.assert_allclose(plain, down, rtol=1e-15)
        np.testing.assert_allclose(used + game, -a, rtol=1e-12)

    def test_which_divergence_each_descends(self, rng):
        """Five states, q = softmax(θ), D = p/(p + q) held: the mean of J falls along θ as 2 JSD does, or KL(q ‖ p) less
        that. Kills: each loss in the place of the other; log D of the wrong class."""
        p, theta = rng.dirichlet(np.ones(5)), rng.normal(size=5)

        def softmax(z):
            return np.exp(z) / np.sum(np.exp(z))

        kl = lambda u, v: np.sum(u * np.log(u / v))
        twice_js = lambda q: kl(p, (p + q) / 2) + kl(q, (p + q) / 2)
        divergences = {"minimax": twice_js, "non_saturating": lambda q: kl(q, p) - twice_js(q)}
        for objective, divergence in divergences.items():
            q = softmax(theta)
            loss = both(np.log(p / q), objective)[0]
            for i in range(5):
                step = 1e-4 * np.eye(5)[i]
                slope = (divergence(softmax(theta + step)) - divergence(softmax(theta - step))) / 2e-4
                along = (softmax(theta + step) - softmax(theta - step)) @ loss / 2e-4
                np.testing.assert_allclose(along, slope, atol=1e-8)

    @pytest.mark.parametrize("objective", WORDS)
    def test_a_generator_through_its_critic(self, rng, objective):
        """a_bar through the critic's pullback, then the generator's, is the difference quotient of the mean loss in
        every weight of the generator. Kills: a slope of another loss, a sign."""
        layer = lambda e, d: {"W1": rng.normal(size=(e, d)), "b1": rng.normal(size=e)}
        generator, z = layer(3, 2), rng.normal(size=(5, 2))
        critic = layer(4, 3) | {"W2": rng.normal(size=(1, 4)), "b2": rng.normal(size=1)}

        def mean(theta):
            logit = mlp(mlp(z, theta, activation="tanh"), critic, activation="tanh")[:, 0]
            return np.mean(gan_generator_loss(logit, objective=objective))

        x, to_generator = mlp.vjp(z, generator, activation="tanh")
        logit, to_x = mlp.vjp(x, critic, activation="tanh")
        bar = gan_generator_loss.vjp(logit[:, 0], objective=objective)[1](np.full(5, 0.2))["fake"]
        got = to_generator(to_x(bar[:, None])["x"])["theta"]
        for name, weight in generator.items():
            for at in np.ndindex(weight.shape):
                ends = []
                for h in (1e-4, -1e-4):
                    moved = weight.copy()
                    moved[at] += h
                    ends.append(mean(generator | {name: moved}))
                np.testing.assert_allclose(got[name][at], (ends[0] - ends[1]) / 2e-4, atol=1e-8)
