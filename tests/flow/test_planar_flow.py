"""A flow of planar layers."""

import numpy as np
import pytest

from refdgm.flow.planar_flow import planar_flow

from ..kit import verify

TestPlanarFlow = verify(planar_flow)

either = pytest.mark.parametrize("constraint", ["none", "softplus"])
LOG2, LOG3 = np.log(2.0), np.log(3.0)


def column(*numbers):
    return np.array(numbers)[:, None]


class TestLaws:
    def test_two_layers_by_hand(self):
        """tanh log 2 = 3/5 and tanh log 3 = 4/5. From 0, u = (5, 10), w = (1, 1), b = (log 2, log 3 − 3): first to 3
        with slope 1 + 16/5 = 21/5, then to 11 with slope 1 + 18/5 = 23/5. Kills: layers backwards, a layer twice or
        for all, one determinant alone, all of them at z, and every gradient that is another layer's."""
        (x, log_det), pullback = planar_flow.vjp(np.zeros((1, 1)), column(5.0, 10.0), column(1.0, 1.0),
                                                 np.array([LOG2, LOG3 - 3]), constraint="none")
        np.testing.assert_allclose([x[0, 0], log_det[0]], [11, np.log(21 / 5 * 23 / 5)], rtol=1e-14)
        got = pullback(np.ones((1, 1)), np.zeros(1))
        of_image = {"z": [[21 / 5 * 23 / 5]], "u": [[3 / 5 * 23 / 5], [4 / 5]], "w": [[0], [18 / 5 * 3]],
                    "b": [16 / 5 * 23 / 5, 18 / 5]}
        for name, want in of_image.items():
            np.testing.assert_allclose(got[name], want, rtol=1e-13, atol=1e-15)
        got = pullback(np.zeros((1, 1)), np.ones(1))
        second = -2 * 4 / 5 * 18 / 5 / (23 / 5)
        first = 16 / 5 * second - 2 * 3 / 5 * 16 / 5 / (21 / 5)
        of_volume = {"z": [[second + first]], "u": [[3 / 5 * second + 16 / 25 / (21 / 5)], [9 / 25 / (23 / 5)]],
                     "w": [[16 / 5 / (21 / 5)], [3 * second + 18 / 5 / (23 / 5)]], "b": [first, second]}
        for name, want in of_volume.items():
            np.testing.assert_allclose(got[name], want, rtol=1e-13)

    @either
    def test_the_determinant_of_the_whole_jacobian(self, rng, constraint):
        """Three layers of three components, by differences and LAPACK. Kills: every other ℓ than that of the map."""
        h = 1e-3
        for _ in range(3):
            z, u, w, b = rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=(3, 3)) / 2, rng.normal(size=3)
            image = lambda at, u=u, w=w, b=b: planar_flow(at[None, :], u, w, b, constraint=constraint).x[0]
            rows = lambda h, f=image, z=z: np.array([(f(z + h * e) - f(z - h * e)) / (2 * h) for e in np.eye(3)])
            want = np.linalg.slogdet((4 * rows(h / 2) - rows(h)) / 3)[1]
            got = planar_flow(z[None, :], u, w, b, constraint=constraint).log_det
            np.testing.assert_allclose(got, [want], rtol=1e-7, atol=1e-8)

    def test_one_layer_is_one_plane(self, rng):
        """u_hat = u + (sp(κ) − 1 − κ) w/‖w‖², in NumPy. Kills: a layer too many, ‖w‖ for ‖w‖²."""
        z, u, w, b = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=3), 0.3
        kappa = u @ w
        hat = u + (np.log(1 + np.exp(kappa)) - 1 - kappa) * w / (w @ w)
        h = np.tanh(z @ w + b)
        x, log_det = planar_flow(z, u[None], w[None], np.array([b]), constraint="softplus")
        np.testing.assert_allclose(x, z + np.outer(h, hat), rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(log_det, np.log(1 + (1 - h**2) * (hat @ w)), rtol=1e-10, atol=1e-13)

    @either
    def test_no_layer_is_the_identity(self, rng, constraint):
        """And hands its cotangent through. Kills: a first layer that is always there."""
        z, x_bar = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
        none = np.zeros((0, 3))
        (x, log_det), pullback = planar_flow.vjp(z, none, none, np.zeros(0), constraint=constraint)
        got = pullback(x_bar, rng.normal(size=5))
        np.testing.assert_array_equal(x, z)
        np.testing.assert_array_equal(log_det, 0)
        np.testing.assert_array_equal(got["z"], x_bar)
        assert [got[name].shape for name in ("u", "w", "b")] == [(0, 3), (0, 3), (0,)]

    def test_a_density_has_mass_one(self):
        """On the line, three layers, z drawn: ∫ N(z) e^{−ℓ} dx = 1 on the images of a fine grid of z. Kills: +ℓ, and
        the constraint in one layer alone, which folds the line."""
        z = np.linspace(-10, 10, 8001)
        x, log_det = planar_flow(z[:, None], column(-2.0, 1.5, -0.9), column(0.9, -1.3, 1.7),
                                 np.array([0.3, -0.4, 0.2]), constraint="softplus")
        density = np.exp(-(z**2) / 2 - log_det) / np.sqrt(2 * np.pi)
        np.testing.assert_allclose(np.sum((density[1:] + density[:-1]) / 2 * np.diff(x[:, 0])), 1, rtol=1e-5)
