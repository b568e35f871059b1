"""The Kernel Inception distance."""

from itertools import product
from math import comb

import numpy as np

from refdgm.metrics.kernel_inception_distance import kernel_inception_distance

from ..kit import verify

TestKernelInceptionDistance = verify(kernel_inception_distance)


class TestLaws:
    def test_at_whole_numbers(self):
        """On a line, x = 0, 1, 2 and y = 1, −1: pairs of x 1, 1, 27, of y 0, across 1, 1, 8, 0, 27, −1: 29/3 + 0 − 12;
        x_bar₁ = 2 · 3 ((1 + 2)/6 − (1 − 1)/6). Kills: a diagonal, divisors, a two, a degree, a one."""
        value, pullback = kernel_inception_distance.vjp(np.array([[0.0], [1.0], [2.0]]), np.array([[1.0], [-1.0]]))
        np.testing.assert_allclose(value, 29 / 3 - 12, rtol=1e-15)
        g = pullback(np.array(1.0))
        np.testing.assert_allclose(g["real"][:, 0], [3, 6 * (18 / 6 - 4 / 6), 6 * (9 / 6 - 8 / 6)], rtol=1e-14)
        np.testing.assert_allclose(g["fake"][:, 0], [6 * (0 - 22 / 6), 6 * (0 - 2 / 6)], rtol=1e-14, atol=1e-15)

    def test_moment_by_moment(self, rng):
        """On a line k is Σ C(3, n) aⁿbⁿ: of each power the pairs' means, from sums of powers. Kills: every weight."""
        x, y = rng.normal(size=(5, 1)), rng.normal(size=(3, 1)) + 1
        pairs = lambda v, n: (np.sum(v**n) ** 2 - np.sum(v ** (2 * n))) / (len(v) * (len(v) - 1))
        want = sum(comb(3, n) * (pairs(x, n) + pairs(y, n) - 2 * np.mean(x**n) * np.mean(y**n)) for n in range(4))
        np.testing.assert_allclose(kernel_inception_distance(x, y), want, rtol=1e-12)

    def test_it_has_no_bias(self):
        """Over all batches of two of a law of two points, each as likely: 0 in the mean, if both have the law; and the
        distance of the laws, if not. Kills: a diagonal, its divisor, roots, magnitudes."""
        points, right = np.array([[1.0, 0.5], [-0.5, 2.0]]), np.array([1.0, 0.0])
        every = [points[[i, j]] for i, j in product(range(2), repeat=2)]
        mean = np.mean([kernel_inception_distance(x, y) for x in every for y in every])
        np.testing.assert_allclose(mean, 0, atol=1e-15)
        moved = points + right
        law = lambda a, b: np.mean((a @ b.T / 2 + 1) ** 3)
        want = law(points, points) + law(moved, moved) - 2 * law(points, moved)
        shifted = [y + right for y in every]
        mean = np.mean([kernel_inception_distance(x, y) for x in every for y in shifted])
        np.testing.assert_allclose(mean, want, rtol=1e-14)

    def test_turned(self, rng):
        """Both batches turned, or exchanged: the same; repeated components count as they did. Kills: a sum over
        components for their mean, an order."""
        x, y = rng.normal(size=(5, 3)), rng.normal(size=(4, 3))
        turn, value = np.linalg.qr(rng.normal(size=(3, 3)))[0], kernel_inception_distance(x, y)
        np.testing.assert_allclose(kernel_inception_distance(x @ turn, y @ turn), value, rtol=1e-12)
        np.testing.assert_allclose(kernel_inception_distance(y[::-1], x), value, rtol=1e-12)
        np.testing.assert_allclose(kernel_inception_distance(np.tile(x, 2), np.tile(y, 2)), value, rtol=1e-12)
