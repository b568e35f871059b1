"""The moved half of a coupling layer."""

import numpy as np
import pytest

from refdgm.flow.affine_coupling import affine_coupling

from ..kit import verify

TestAffineCoupling = verify(affine_coupling)

WAYS = ("forward", "inverse")
SCALES = ("exp", "sigmoid")
both = pytest.mark.parametrize("direction", WAYS)
either = pytest.mark.parametrize("scale", SCALES)


def one(value):
    return np.full((1, 1), float(value))


class TestLaws:
    def test_at_a_point(self):
        """x = 3, r = log 2, t = 5: y = 11, ℓ = log 2; for y_bar = 7, ℓ_bar = 13: x_bar = 14, r_bar = 42 + 13, t_bar =
        7. Back: y = −1, ℓ = −log 2; x_bar = 7/2, r_bar = 7 − 13, t_bar = −7/2. Kills: every sign, factor and order, and
        a missing ℓ_bar."""
        args = one(3), np.log(one(2)), one(5)
        for direction, value, grads in (("forward", 11, (14, 55, 7)), ("inverse", -1, (3.5, -6, -3.5))):
            (y, log_det), pullback = affine_coupling.vjp(*args, direction=direction, scale="exp")
            np.testing.assert_allclose([*y.flat, *log_det], [value, np.log(2.0) * (1 if value > 0 else -1)], rtol=1e-15)
            got = pullback(one(7), np.full(1, 13.0))
            np.testing.assert_allclose([float(got[name][0, 0]) for name in affine_coupling.wrt], grads, rtol=1e-14)

    def test_a_half(self):
        """r = −2: σ = ½, whose logarithm has the slope ½. x = 4, t = 1: y = 3, ℓ = −log 2; y_bar = 5, ℓ_bar = 8: x_bar
        = 5/2, r_bar = (10 + 8)/2; back y = 6, r_bar = (−30 − 8)/2. Kills: σ(r), a slope of 1 or σ(−r), ℓ of r."""
        for direction, y_want, r_want in (("forward", 3, 9), ("inverse", 6, -19)):
            (y, log_det), pullback = affine_coupling.vjp(one(4), one(-2), one(1), direction=direction, scale="sigmoid")
            got = pullback(one(5), np.full(1, 8.0))["log_scale"]
            np.testing.assert_allclose([y[0, 0], got[0, 0]], [y_want, r_want], rtol=1e-14)
            np.testing.assert_allclose(abs(log_det), np.log(2.0), rtol=1e-15)

    @both
    @either
    def test_the_determinant_of_the_whole_layer(self, rng, direction, scale):
        """Three components stay and make r and t of two that are moved, by a network. The Jacobian of all five, by
        differences, has the determinant e^ℓ, whatever the network is. Kills: ℓ of the other direction, of a mean, of r
        in place of log σ, an ℓ that the network would have to be in."""
        a, b = rng.normal(size=(2, 2, 3))

        def layer(point):
            kept, moved = point[None, :3], point[None, 3:]
            y, log_det = affine_coupling(moved, np.tanh(kept @ a.T), np.sin(kept @ b.T), direction=direction,
                                         scale=scale)
            return np.concatenate([kept, y], axis=1)[0], log_det[0]

        point, h = rng.normal(size=5), 1e-3
        differences = lambda h: np.array([(layer(point + h * e)[0] - layer(point - h * e)[0]) / (2 * h)
                                          for e in np.eye(5)])
        jacobian = (4 * differences(h / 2) - differences(h)) / 3
        np.testing.assert_allclose(layer(point)[1], np.linalg.slogdet(jacobian)[1], rtol=1e-9)

    @either
    def test_there_and_back(self, rng, scale):
        """Kills: a way back in the same order, of another scale, a log-determinant that does not change its sign."""
        x, r, t = rng.normal(size=(3, 2, 2, 3))
        y, there = affine_coupling(x, r, t, direction="forward", scale=scale)
        again, back = affine_coupling(y, r, t, direction="inverse", scale=scale)
        np.testing.assert_allclose(again, x, rtol=1e-12, atol=1e-13)
        np.testing.assert_array_equal(there, -back)

    @either
    def test_a_density_has_mass_one(self, scale):
        """On the way back, from data to the normal base: ∫ N(y) e^ℓ dx = 1 with the mean t. Kills: ℓ's sign."""
        x = np.linspace(-40, 40, 4001)
        full = lambda value: np.full_like(x, value)
        y, log_det = affine_coupling(x, full(0.7), full(1.5), direction="inverse", scale=scale)
        density = np.exp(log_det - y**2 / 2) / np.sqrt(2 * np.pi) * (x[1] - x[0])
        np.testing.assert_allclose([np.sum(density), np.sum(x * density)], [1, 1.5], rtol=1e-12)

    def test_the_tails_of_the_sigmoid(self):
        """log σ far below zero is its argument, far above −e^{−r − 2}; nothing is −∞ or 0. Kills: the logarithm of a
        rounded σ."""
        r = np.array([-1e4, -747.0, 48.0, 300.0])
        _, log_det = affine_coupling(0 * r, r, 0 * r, direction="forward", scale="sigmoid")
        np.testing.assert_allclose(log_det, [-9998, -745, -np.exp(-50), -np.exp(-302)], rtol=1e-13)
