"""The inverse of a planar layer."""

import mpmath
import numpy as np
import pytest

from refdgm.flow.planar_transform import planar_inverse, planar_transform

from ..kit import verify

TestPlanarInverse = verify(planar_inverse)

W, B = np.array([1.5, -0.5, 2.0]), 0.3
SIZES = (-40.0, -12.0, -1.0, 0.0, 0.5413, 4.0, 60.0)


def layer(rng, size):
    """u with ⟨u, w⟩ of this size, and something across."""
    u = rng.normal(size=3)
    return u + (size - u @ W) / (W @ W) * W


def inverse(*args):
    return planar_inverse(*args, constraint="softplus")


class TestLaws:
    @pytest.mark.parametrize("size", SIZES)
    def test_there_and_back(self, rng, size):
        """And the log-determinants cancel. Kills: u_hat of the raw u, too few steps, the layer's own ℓ, ‖w‖ left in the
        equation, a value that is looked up at the image."""
        x, u = 3 * rng.normal(size=(5, 3)), layer(rng, size)
        z, back = inverse(x, u, W, B)
        again, there = planar_transform(z, u, W, B, constraint="softplus")
        np.testing.assert_allclose(again, x, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(there + back, 0, atol=1e-9)

    @pytest.mark.parametrize("size", SIZES)
    def test_the_root_of_one_equation(self, size):
        """D = 1, w = 1: z + u_hat tanh(z + b) = x with u_hat = log(1 + e^u) − 1, halved for with 40 digits; ℓ is minus
        the logarithm of the slope there. Kills: any other equation, and ℓ of any other point."""
        x = np.array([-30.0, -2.0, -0.30001, 0.1, 5.0, 70.0])
        z, log_det = planar_inverse(x[:, None], np.array([size]), np.ones(1), B, constraint="softplus")
        with mpmath.workdps(40):
            k, b = mpmath.log1p(mpmath.exp(size)) - 1, mpmath.mpf(B)
            for at, got, ell in zip(x, z[:, 0], log_det, strict=True):
                y, reach = mpmath.mpf(at) + b, abs(k) + 1
                low, high = y - reach, y + reach
                for _ in range(130):
                    a = (low + high) / 2
                    low, high = (a, high) if a + k * mpmath.tanh(a) < y else (low, a)
                slope = 1 + k * mpmath.sech(a) ** 2
                assert abs(got - (a - b)) < 1e-14 * (abs(at) + abs(k) + 1), (at, got)
                assert abs(ell + mpmath.log(slope)) < 1e-9, (at, ell)

    def test_the_implicit_function(self):
        """At a plane of z = 0, w = 2, b = 0: x = 0, h = 0, h′ = 1, and dz/dx = 1/(1 + k). κ = 0 has k = log 2 − 1: for
        z_bar = 5 x_bar = 5/log 2, and y_bar = −5u_hat/log 2 with u_hat = k/2. Kills: x_bar = z_bar, y_bar without its
        denominator, or with another."""
        _, pullback = planar_inverse.vjp(np.zeros((1, 1)), np.zeros(1), np.full(1, 2.0), 0.0, constraint="softplus")
        grads = pullback(np.full((1, 1), 5.0), np.zeros(1))
        two = np.log(2.0)
        np.testing.assert_allclose(grads["x"], [[5 / two]], rtol=1e-14)
        np.testing.assert_allclose(grads["b"], -5 * (two - 1) / (2 * two), rtol=1e-14)

    def test_its_jacobian_is_the_inverse_matrix(self, rng):
        """Rows of x_bar against the Jacobian of the layer itself, by differences, at the point that was found."""
        x, u, h = rng.normal(size=(1, 3)), layer(rng, -2.0), 1e-3
        (z, _), pullback = planar_inverse.vjp(x, u, W, B, constraint="softplus")
        rows = np.concatenate([pullback(e[None, :], np.zeros(1))["x"] for e in np.eye(3)])
        image = lambda at: planar_transform(at, u, W, B, constraint="softplus").x[0]
        step = lambda h: np.array([(image(z + h * e) - image(z - h * e)) / (2 * h) for e in np.eye(3)]).T
        np.testing.assert_allclose(rows @ ((4 * step(h / 2) - step(h)) / 3), np.eye(3), atol=1e-7)

    @pytest.mark.parametrize("size", [-2.0, 0.7, 9.0])
    def test_a_density_has_mass_one(self, size):
        """On the line, data in: ∫ N(z(x)) e^ℓ dx = 1 over an even grid of x. Kills: the sign of ℓ."""
        x = np.linspace(-30, 30, 8001)
        z, log_det = planar_inverse(x[:, None], np.array([size / 1.7]), np.array([1.7]), B, constraint="softplus")
        density = np.exp(log_det - z[:, 0] ** 2 / 2) / np.sqrt(2 * np.pi)
        np.testing.assert_allclose(np.sum(density) * (x[1] - x[0]), 1, rtol=1e-5)


def test_near_the_plane_of_a_layer_that_presses():
    """sp(κ) = 1e-9 and y = 1e-9: 1e-9 a + (a − tanh a) = 1e-9 (but for 1e-9 of it), whose root keeps its digits; formed
    from a + k tanh a it would lose six."""
    u = np.log(np.expm1(1e-9))
    z, _ = planar_inverse(np.full((1, 1), 1e-9), np.array([u]), np.ones(1), 0.0, constraint="softplus")
    with mpmath.workdps(60):
        s = mpmath.log1p(mpmath.exp(mpmath.mpf(float(u))))
        y = mpmath.mpf(1e-9)
        want = mpmath.findroot(lambda a: a + (s - 1) * mpmath.tanh(a) - y, (mpmath.mpf("1e-4"), mpmath.mpf("1e-2")),
                               solver="anderson")
    np.testing.assert_allclose(z, [[float(want)]], rtol=1e-13)


@pytest.mark.parametrize("size", [-740.0, -300.0, -40.0, 3.0, 1e4, 1e10])
def test_from_the_smallest_to_the_largest(size):
    """One step of Newton more, with 700 digits, changes nothing: from any start that is not near enough 32 steps would
    end elsewhere, for where sp(κ) vanishes each takes off a third."""
    x = np.array([1e-290, 1e-100, 1e-12, 1e-3, 0.7, 3e2, 1e5, 1e300])
    z, _ = planar_inverse(x[:, None], np.array([size]), np.ones(1), 0.0, constraint="softplus")
    with mpmath.workdps(700):
        s = mpmath.log1p(mpmath.exp(size))
        for y, got in zip(x, z[:, 0], strict=True):
            a, h = mpmath.mpf(got), mpmath.tanh(mpmath.mpf(got))
            assert abs((a - h + s * h - y) / (h**2 + (1 - h**2) * s)) < 1e-13 * abs(a) + 4e-16 * y, (y, got)
