"""The Fréchet Inception distance of two batches."""

import numpy as np
import pytest

from refdgm.metrics.frechet_inception_distance import frechet_inception_distance

from ..kit import verify

TestFrechetInceptionDistance = verify(frechet_inception_distance)


class TestLaws:
    def test_on_a_line(self):
        """0, 2 and 1, 1, 4: means 1 and 2, variances 2 and 3: 1 + (√2 − √3)². Kills: its root, 1/n, one n, a root of
        another kind, a two."""
        value, pullback = frechet_inception_distance.vjp(np.array([[0.0], [2.0]]), np.array([[1.0], [1.0], [4.0]]))
        np.testing.assert_allclose(value, 6 - 2 * np.sqrt(6), rtol=1e-15)
        g, s = pullback(np.array(1.0)), 1 - np.sqrt(1.5)
        np.testing.assert_allclose(g["real"][:, 0], [-1 - 2 * s, -1 + 2 * s], rtol=1e-14)
        t = 1 - np.sqrt(2 / 3)
        np.testing.assert_allclose(g["fake"][:, 0], [2 / 3 - t, 2 / 3 - t, 2 / 3 + 2 * t], rtol=1e-14)

    @pytest.mark.parametrize("sizes", [(7, 5, 3), (5, 11, 4), (9, 9, 2)])
    def test_by_eigenvalues_of_the_product(self, rng, sizes):
        """NumPy's own covariances and the eigenvalues of their product. Kills: every term."""
        b, m, d = sizes
        x, y = rng.normal(size=(b, d)), 2 + 3 * rng.normal(size=(m, d))
        s, o = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
        root = np.sum(np.sqrt(np.linalg.eigvals(s @ o).real))
        want = np.sum((x.mean(0) - y.mean(0)) ** 2) + np.trace(s) + np.trace(o) - 2 * root
        np.testing.assert_allclose(frechet_inception_distance(x, y), want, rtol=1e-11)

    def test_fewer_samples_than_components(self, rng):
        """4 and 6 samples of 8 components: the value by singular values, the gradient by differences of it, for there
        is one. Kills: a gradient through a root of ΣΩ, an ε in the covariances."""
        x, y = rng.normal(size=(4, 8)), rng.normal(size=(6, 8))

        def by_singular_values(x, y):
            f, g = (x - x.mean(0)) / np.sqrt(3), (y - y.mean(0)) / np.sqrt(5)
            nuclear = np.sum(np.linalg.svd(f @ g.T, compute_uv=False))
            return np.sum((x.mean(0) - y.mean(0)) ** 2) + np.sum(f**2) + np.sum(g**2) - 2 * nuclear

        value, pullback = frechet_inception_distance.vjp(x, y)
        np.testing.assert_allclose(value, by_singular_values(x, y), rtol=1e-13)
        g, v, w, h = pullback(np.array(1.0)), rng.normal(size=x.shape), rng.normal(size=y.shape), 1e-4
        at = lambda h: by_singular_values(x + h * v, y + h * w)
        slope = lambda h: (at(h) - at(-h)) / (2 * h)
        want = (4 * slope(h) - slope(2 * h)) / 3
        np.testing.assert_allclose(np.sum(g["real"] * v) + np.sum(g["fake"] * w), want, rtol=1e-8)

    def test_maps_of_all_samples(self, rng):
        """x and x + a: ‖a‖². x and c x: (c − 1)²(tr Σ + ‖μ‖²). x and x: 0, to the last digit. Both turned, or moved:
        nothing. Kills: means left out or not squared, variances alone, a sign."""
        x, y = rng.normal(size=(7, 3)) + 1, rng.normal(size=(5, 3))
        a, turn = rng.normal(size=3), np.linalg.qr(rng.normal(size=(3, 3)))[0]
        np.testing.assert_allclose(frechet_inception_distance(x, x + a), a @ a, rtol=1e-13)
        scale = np.trace(np.cov(x, rowvar=False)) + np.sum(x.mean(0) ** 2)
        np.testing.assert_allclose(frechet_inception_distance(x, 3 * x), 4 * scale, rtol=1e-13)
        assert 0 <= frechet_inception_distance(x, x) < 1e-28
        value = frechet_inception_distance(x, y)
        np.testing.assert_allclose(frechet_inception_distance(x @ turn + 9, y @ turn + 9), value, rtol=1e-12)
        np.testing.assert_allclose(frechet_inception_distance(y, x[::-1]), value, rtol=1e-12)

    def test_euler(self, rng):
        """d² is of degree two: ⟨x_bar, x⟩ + ⟨y_bar, y⟩ = 2 d². Kills: halves, a root that is held, numbers of
        samples."""
        x, y = rng.normal(size=(3, 2)), rng.normal(size=(6, 2))
        value, pullback = frechet_inception_distance.vjp(x, y)
        g = pullback(np.array(1.0))
        np.testing.assert_allclose(np.sum(g["real"] * x) + np.sum(g["fake"] * y), 2 * value, rtol=1e-13)
