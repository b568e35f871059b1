"""The energy distance."""

from itertools import product

import numpy as np

from refdgm.metrics.energy_distance import energy_distance

from ..kit import verify

TestEnergyDistance = verify(energy_distance)


class TestLaws:
    def test_at_whole_numbers(self):
        """Legs of 3, 4, 5: x = (0, 0), (3, 4); y = (3, 0), (0, 4), (6, 8): across 3, 4, 10, 4, 3, 5, of x 5 twice, of y
        5, √73, √52 twice; 2 · 29/6 − 10/4 − 2 (5 + √73 + √52)/9. Kills: divisors, a two, squares, other lengths."""
        x, y = np.array([[0.0, 0], [3, 4]]), np.array([[3.0, 0], [0, 4], [6, 8]])
        value, pullback = energy_distance.vjp(x, y)
        np.testing.assert_allclose(value, 29 / 3 - 2.5 - 2 * (5 + 73**0.5 + 52**0.5) / 9, rtol=1e-15)
        g = pullback(np.array(3.0))
        np.testing.assert_allclose(g["real"][0], [-1 - 0.6 + 1.5 * 0.6, -1 - 0.8 + 1.5 * 0.8], rtol=1e-14)
        wanted = np.array([1.0, -1]) - 2 / 3 * (np.array([0.6, -0.8]) + np.array([-3, -8]) / 73**0.5)
        np.testing.assert_allclose(g["fake"][0], wanted, rtol=1e-14)

    def test_on_a_line_it_is_cramers(self, rng):
        """2 ∫ (F − G)² of the two steps, point by point. Kills: every weight, a root, a diagonal left out."""
        for b, m in ((5, 7), (7, 2), (1, 4), (1, 1)):
            x, y = rng.normal(size=(b, 1)), rng.normal(size=(m, 1)) + 0.5
            points = np.sort(np.concatenate([x, y])[:, 0])
            above = np.array([np.mean(x <= p) - np.mean(y <= p) for p in points[:-1]])
            np.testing.assert_allclose(energy_distance(x, y), 2 * np.sum(above**2 * np.diff(points)), rtol=1e-12)

    def test_along_every_direction(self, rng):
        """‖d‖ is the mean of |⟨d, e⟩| over a circle, times π/2: so is the distance, of what is seen from a circle of
        directions. Kills: a length that is none of Euclid's."""
        x, y = rng.normal(size=(3, 2)), rng.normal(size=(4, 2)) + 1
        many = 4096
        angles = np.pi * (np.arange(many) + 0.5) / many
        total = 0.0
        for e in np.stack([np.cos(angles), np.sin(angles)], axis=1):
            p, q = x @ e, y @ e
            gap = lambda a, b: np.mean(np.abs(a[:, None] - b))
            total += 2 * gap(p, q) - gap(p, p) - gap(q, q)
        np.testing.assert_allclose(energy_distance(x, y), np.pi / 2 * total / many, rtol=1e-5)

    def test_of_one_batch_in_any_order(self, rng):
        """Zero with itself, in another order, and with every point twice; above zero for any other. Kills: a diagonal
        left out, a sign, divisors."""
        x = rng.normal(size=(5, 3))
        assert energy_distance(x, x) == 0
        np.testing.assert_allclose(energy_distance(x, np.repeat(x, 2, axis=0)[::-1]), 0, atol=1e-15)
        assert all(energy_distance(x, rng.normal(size=(4, 3))) > 0 for _ in range(20))

    def test_what_is_lacking_in_the_mean(self):
        """Over all batches of two of a law of two points with itself, 1 apart: pairs of one batch are half as far apart
        as two draws are, so that ½ is left of each: ½ (1/2 + 1/2). Kills: the unbiased divisor."""
        points = np.array([[0.0, 0], [0.6, 0.8]])
        every = [points[[i, j]] for i, j in product(range(2), repeat=2)]
        np.testing.assert_allclose(np.mean([energy_distance(x, y) for x in every for y in every]), 0.5, rtol=1e-15)

    def test_moved_turned_and_scaled(self, rng):
        """Moved or turned together: the same; c times as large: c times the distance, the slopes as they are; far apart
        the slopes are 2/B away from the others. Kills: squares, an origin, lengths that are not divided by."""
        x, y = rng.normal(size=(5, 3)), rng.normal(size=(4, 3))
        turn, value = np.linalg.qr(rng.normal(size=(3, 3)))[0], energy_distance(x, y)
        np.testing.assert_allclose(energy_distance(x @ turn + 3, y @ turn + 3), value, rtol=1e-12)
        np.testing.assert_allclose(energy_distance(4 * x, 4 * y), 4 * value, rtol=1e-14)
        (_, plain), (_, larger) = energy_distance.vjp(x, y), energy_distance.vjp(4 * x, 4 * y)
        for name, g in plain(np.array(1.0)).items():
            np.testing.assert_array_equal(larger(np.array(1.0))[name], g)
        g = energy_distance.vjp(x[:1], y + np.array([1e9, 0, 0]))[1](np.array(1.0))
        np.testing.assert_allclose(g["real"], [[-2, 0, 0]], atol=1e-8)

    def test_the_slopes_of_one_point_and_the_rest(self, rng):
        """What one number of a point moves, from the distances to all others by hand; and all slopes add up to none.
        Kills: a two that is lost, a sign, who is divided by what."""
        x, y = rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
        g = energy_distance.vjp(x, y)[1](np.array(1.0))
        unit = lambda d: d / np.sqrt(d @ d)
        want = sum(2 * unit(x[1] - p) / 12 for p in y) - sum(2 * unit(x[1] - p) / 9 for p in x[[0, 2]])
        np.testing.assert_allclose(g["real"][1], want, rtol=1e-13)
        want = sum(2 * unit(y[2] - p) / 12 for p in x) - sum(2 * unit(y[2] - p) / 16 for p in y[[0, 1, 3]])
        np.testing.assert_allclose(g["fake"][2], want, rtol=1e-13)
        np.testing.assert_allclose(g["real"].sum(0) + g["fake"].sum(0), 0, atol=1e-15)

    def test_where_points_are_one(self):
        """A kink, of slope zero: two data on one place, one of them a sample too. Kills: NaN, a slope of one side."""
        x, y = np.array([[1.0, 2], [1, 2], [4, 6]]), np.array([[1.0, 2], [1, 2]])
        value, pullback = energy_distance.vjp(x, y)
        np.testing.assert_allclose(value, 20 / 6 - 20 / 9, rtol=1e-15)
        g = pullback(np.array(9.0))
        np.testing.assert_allclose(g["real"], [[1.2, 1.6], [1.2, 1.6], [6 * 0.6 - 2.4, 6 * 0.8 - 3.2]], rtol=1e-14)
        np.testing.assert_allclose(g["fake"], [[-1.8, -2.4], [-1.8, -2.4]], rtol=1e-14)
