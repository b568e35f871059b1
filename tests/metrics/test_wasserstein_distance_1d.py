"""The Wasserstein distance on a line."""

from itertools import permutations

import numpy as np

from refdgm.adversarial.wasserstein_critic_loss import wasserstein_critic_loss
from refdgm.metrics.wasserstein_distance_1d import wasserstein_distance_1d

from ..kit import verify

TestWassersteinDistance1d = verify(wasserstein_distance_1d)


class TestLaws:
    def test_at_whole_numbers(self):
        """Data 5, 1 and samples 0, 9, 2: sixths of quantiles, 1 with 0, 0, 2 and 5 with 2, 9, 9: (1 + 1 + 1 + 3 + 4 +
        4)/6; of the first datum's 1 − 2 sixths, of the second's 2 − 1. Kills: an order, sizes, signs, sums."""
        value, pullback = wasserstein_distance_1d.vjp(np.array([5.0, 1.0]), np.array([0.0, 9.0, 2.0]))
        np.testing.assert_allclose(value, 14 / 6, rtol=1e-15)
        g = pullback(np.array(6.0))
        np.testing.assert_allclose(g["real"], [-1, 1], rtol=1e-15)
        np.testing.assert_allclose(g["fake"], [-2, 2, 0], rtol=1e-15, atol=1e-15)

    def test_the_cheapest_of_all_ways(self, rng):
        """Of batches of one size: the least mean distance of all pairings. Kills: any other order, a power."""
        x, y = rng.normal(size=5), rng.normal(size=5)
        want = min(np.mean(np.abs(x - y[list(way)])) for way in permutations(range(5)))
        np.testing.assert_allclose(wasserstein_distance_1d(x, y), want, rtol=1e-14)

    def test_between_the_steps(self, rng):
        """∫ |F − G| by counting, of any sizes; and of numbers that are there twice. Kills: every weight."""
        for x, y in ((rng.normal(size=5), rng.normal(size=7)), (rng.normal(size=4), rng.normal(size=2) + 1),
                     (np.array([1.0, 2, 2, 5]), np.array([2.0, 2, 7]))):
            points = np.sort(np.concatenate([x, y]))
            above = [abs(np.mean(x <= p) - np.mean(y <= p)) for p in points[:-1]]
            np.testing.assert_allclose(wasserstein_distance_1d(x, y), above @ np.diff(points), rtol=1e-13)
            np.testing.assert_allclose(wasserstein_distance_1d(y[::-1], x), above @ np.diff(points), rtol=1e-13)

    def test_of_the_best_critic(self, rng):
        """Kantorovich's potential, of slope −sign(F − G): minus the loss of the critic is the distance; no other of
        slope one sees more. Kills: a factor, a square, a root, one of both sizes."""
        data, samples = rng.normal(size=5), rng.normal(size=7) + 0.5
        points = np.sort(np.concatenate([data, samples]))
        above = np.array([np.mean(data <= x) - np.mean(samples <= x) for x in points[:-1]])
        gaps, distance = np.diff(points), wasserstein_distance_1d(data, samples)
        score = lambda x, slopes: np.concatenate([[0.0], np.cumsum(slopes * gaps)])[np.searchsorted(points, x)]
        seen = lambda slopes: -wasserstein_critic_loss(score(data, slopes), score(samples, slopes))
        np.testing.assert_allclose(seen(-np.sign(above)), distance, rtol=1e-13)
        assert all(seen(rng.uniform(-1, 1, size=11)) <= distance for _ in range(9))

    def test_a_shift_and_a_scale(self, rng):
        """Moved by a: |a|, slopes ∓1/B; twice as large: twice as far, the same slopes; far from the origin all digits.
        Kills: signs, a square, sums of numbers in place of their differences."""
        x = rng.normal(size=5)
        for a in (3.0, -0.25):
            value, pullback = wasserstein_distance_1d.vjp(x, x + a)
            np.testing.assert_allclose(value, abs(a), rtol=1e-14)
            g = pullback(np.array(1.0))
            np.testing.assert_array_equal(g["real"], np.full(5, -np.sign(a) / 5))
            np.testing.assert_array_equal(g["fake"], np.full(5, np.sign(a) / 5))
        y = np.round(rng.normal(size=7) * 1024) / 1024
        x = np.round(x * 1024) / 1024
        value = wasserstein_distance_1d(x, y)
        assert wasserstein_distance_1d(x + 2.0**30, y + 2.0**30) == value
        assert wasserstein_distance_1d(2 * x, 2 * y) == 2 * value

    def test_slopes_by_the_pairs_of_quantiles(self, rng):
        """Every datum has M parts and every sample B: of each the signs of x − y, one by one; in the order in which the
        numbers came, and none in sum. Kills: slopes in sorted order, quantiles of the wrong batch."""
        for b, m in ((5, 7), (7, 3), (4, 8), (1, 5), (6, 4)):
            x, y = rng.normal(size=b), rng.normal(size=m)
            g = wasserstein_distance_1d.vjp(x, y)[1](np.array(1.0))
            drawn, driven = dict.fromkeys(x.tolist(), 0), dict.fromkeys(y.tolist(), 0)
            for u, v in zip(np.repeat(np.sort(x), m).tolist(), np.repeat(np.sort(y), b).tolist(), strict=True):
                drawn[u] += np.sign(u - v)
                driven[v] += np.sign(v - u)
            np.testing.assert_allclose(g["real"], [drawn[u] / (b * m) for u in x.tolist()], rtol=1e-14, atol=1e-16)
            np.testing.assert_allclose(g["fake"], [driven[v] / (b * m) for v in y.tolist()], rtol=1e-14, atol=1e-16)

    def test_where_numbers_are_one(self):
        """A kink of slope 0 for what is shared: 2 with 2 of both; and nothing at all of a batch with itself. Kills: a
        slope of one side."""
        value, pullback = wasserstein_distance_1d.vjp(np.array([2.0, 5.0]), np.array([2.0, 3.0, 9.0]))
        np.testing.assert_allclose(value, (0 + 0 + 1 + 2 + 4 + 4) / 6, rtol=1e-15)
        g = pullback(np.array(6.0))
        np.testing.assert_array_equal(g["real"], [-1, -1])
        np.testing.assert_array_equal(g["fake"], [0, 0, 2])
        x = np.array([3.0, -1, 4])
        value, pullback = wasserstein_distance_1d.vjp(x, x[::-1])
        assert value == 0 and not any(v.any() for v in pullback(np.array(1.0)).values())
