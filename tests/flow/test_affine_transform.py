"""Points scaled and shifted, and what this does to densities."""

import numpy as np
import pytest

from refdgm.flow.affine_transform import affine_transform

from ..kit import verify

TestAffineTransform = verify(affine_transform)


def normal(z):
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


class TestLaws:
    def test_at_a_point(self):
        """z = 3, a = −4, b = 5: x = −7, ℓ = log 4; for x_bar = 2 and ℓ_bar = 8: z_bar = −8, a_bar = 6 − 2, b_bar = 2.
        Kills: any sign, the modulus in a gradient, a shift before the scale, one of a_bar's two parts."""
        (x, log_det), pullback = affine_transform.vjp(np.full((1, 1), 3.0), np.full((1, 1), -4.0), np.full((1, 1), 5.0))
        grads = pullback(np.full((1, 1), 2.0), np.full(1, 8.0))
        assert (x, log_det) == (-7, np.log(4.0))
        assert (grads["z"], grads["scale"], grads["shift"]) == (-8, 4, 2)

    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 3)])
    def test_the_determinant_of_the_whole_jacobian(self, rng, shape):
        """Its columns are differences of the map itself, its determinant LAPACK's. Kills: the other direction's sign, a
        mean, a sum over some of the axes or over the batch, a missing logarithm."""
        z, shift = rng.normal(size=(2, 2, *shape))
        scale = np.where(rng.normal(size=z.shape) < 0, -1.0, 1.0) * rng.uniform(0.3, 3, size=z.shape)
        image, log_det = affine_transform(z, scale, shift)
        size = int(np.prod(shape))
        for b in range(2):
            columns = []
            for unit in np.eye(size):
                moved = z.copy()
                moved[b] += unit.reshape(shape)
                columns.append((affine_transform(moved, scale, shift).x[b] - image[b]).reshape(-1))
            np.testing.assert_allclose(log_det[b], np.linalg.slogdet(np.array(columns))[1], rtol=1e-11)

    def test_a_box_becomes_a_box(self):
        """The uniform law on the unit cube: its image under a = (2, −½, 3) has the volume 3 and the density ⅓. Kills:
        p(x) = p(z), p(z) times the volume, a logarithm of a number below zero."""
        corners = np.array([[i, j, k] for i in (0.0, 1.0) for j in (0.0, 1.0) for k in (0.0, 1.0)])
        full = lambda *row: np.broadcast_to(np.array(row), (8, 3))
        x, log_det = affine_transform(corners, full(2.0, -0.5, 3.0), full(1.0, 1.0, 1.0))
        volume = np.prod(np.max(x, axis=0) - np.min(x, axis=0))
        np.testing.assert_allclose(volume, 3, rtol=1e-15)
        np.testing.assert_allclose(np.exp(-log_det), 1 / volume, rtol=1e-15)

    @pytest.mark.parametrize("scale", [-1.3, 0.2, 5.0])
    def test_the_image_of_a_normal_law(self, scale):
        """∫ p(z) e^{−ℓ} dx = 1, with the mean b and the variance a². Kills: +ℓ, no ℓ, a scale that is a variance."""
        z = np.linspace(-12, 12, 2001)
        full = lambda value: np.full_like(z, value)
        x, log_det = affine_transform(z, full(scale), full(0.7))
        weight = normal(z) * np.exp(-log_det) * np.abs(np.gradient(x))
        mass, mean = np.sum(weight), np.sum(weight * x)
        np.testing.assert_allclose([mass, mean, np.sum(weight * (x - mean) ** 2)], [1, 0.7, scale**2], rtol=1e-12)

    def test_the_slope_of_a_log_density(self):
        """log p(x) of x held, at a = −1.3, b = 0.7: that of N(b, a²), whose derivatives are ((x − b)²/a² − 1)/a and
        (x − b)/a². Kills: a_bar without ℓ_bar/a or with ℓ_bar/|a|."""
        x, a, b = np.array([-2.0, 0.1, 0.7, 1.9]), np.full(4, -1.3), np.full(4, 0.7)
        (z, log_det), pullback = affine_transform.vjp(x, 1 / a, -b / a)  # from data to base: log p = log N(z) + ℓ
        grads = pullback(-z, np.ones(4))
        by_a = grads["scale"] * (-1 / a**2) + grads["shift"] * b / a**2
        np.testing.assert_allclose(np.log(normal(z)) + log_det,
                                   -((x - b) ** 2) / (2 * a**2) - np.log(2 * np.pi * a**2) / 2, rtol=1e-14)
        np.testing.assert_allclose(by_a, ((x - b) ** 2 / a**2 - 1) / a, rtol=1e-13)
        np.testing.assert_allclose(-grads["shift"] / a, (x - b) / a**2, rtol=1e-13, atol=1e-15)

    def test_there_and_back(self, rng):
        """Scale 1/a and shift −b/a lead back, and the two ℓ cancel; of one map after another they add."""
        z, b = rng.normal(size=(2, 3, 4))
        a = np.where(rng.normal(size=z.shape) < 0, -1.0, 1.0) * rng.uniform(0.3, 3, size=z.shape)
        x, there = affine_transform(z, a, b)
        back, again = affine_transform(x, 1 / a, -b / a)
        np.testing.assert_allclose(back, z, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(there + again, 0, atol=1e-14)
        twice, second = affine_transform(x, a[::-1], b[::-1])
        np.testing.assert_allclose(twice, a[::-1] * a * z + a[::-1] * b + b[::-1], rtol=1e-12)
        np.testing.assert_allclose(there + second, np.sum(np.log(np.abs(a * a[::-1])), axis=1), atol=1e-13)


def test_no_product_is_taken(rng):
    """Ten thousand scales of 1e±300: their product leaves every range."""
    scale = np.where(rng.normal(size=(1, 10000)) < 0, -1e300, 1e-300)
    many = int(np.sum(scale > 1e-301)), int(np.sum(scale < 0))
    want = np.log(10.0) * 300 * (many[1] - many[0])
    np.testing.assert_allclose(affine_transform(0 * scale, scale, 0 * scale).log_det, [want], rtol=1e-12)
