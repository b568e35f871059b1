"""The loss of a critic."""

import numpy as np

from refdgm.adversarial.wasserstein_critic_loss import wasserstein_critic_loss

from ..kit import verify

TestWassersteinCriticLoss = verify(wasserstein_critic_loss)


class TestLaws:
    def test_at_whole_numbers(self):
        """Data 4, 8 and samples 1, 3, 11: 5 − 6; slopes −½ and ⅓. Kills: signs, sums, one mean, sizes exchanged."""
        value, pullback = wasserstein_critic_loss.vjp(np.array([4.0, 8.0]), np.array([1.0, 3.0, 11.0]))
        assert value == -1
        g = pullback(np.array(6.0))
        np.testing.assert_array_equal([*g["real"], *g["fake"]], [-3, -3, 2, 2, 2])

    def test_of_the_best_critic_it_is_the_distance(self, rng):
        """On the line, with Kantorovich's potential, of slope −sign(F − G) between sorted points: −J = ∫ |F − G|. And
        of no other critic of slope one more. Kills: every weight, a magnitude, logarithms."""
        data, samples = rng.normal(size=5), rng.normal(size=7) + 0.5
        points = np.sort(np.concatenate([data, samples]))
        above = np.array([np.mean(data <= x) - np.mean(samples <= x) for x in points[:-1]])  # F − G between points
        gaps = np.diff(points)
        potential = np.concatenate([[0.0], np.cumsum(-np.sign(above) * gaps)])
        score = lambda x, f: f[np.searchsorted(points, x)]
        distance = -wasserstein_critic_loss(score(data, potential), score(samples, potential))
        np.testing.assert_allclose(distance, np.sum(np.abs(above) * gaps), rtol=1e-13)
        for _ in range(5):
            other = np.concatenate([[0.0], np.cumsum(rng.uniform(-1, 1, size=11) * gaps)])
            assert -wasserstein_critic_loss(score(data, other), score(samples, other)) <= distance

    def test_a_shift(self, rng):
        """f = −x on data moved by 3 to the left: −J = 3; and a constant in f is not seen. Kills: signs, magnitudes."""
        x = rng.normal(size=5)
        np.testing.assert_allclose(wasserstein_critic_loss(-(x - 3), -x), -3, rtol=1e-14)
        plain = wasserstein_critic_loss(x, x[:3])
        np.testing.assert_allclose(wasserstein_critic_loss(x + 7, x[:3] + 7), plain, atol=1e-14)
