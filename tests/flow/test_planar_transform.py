"""One layer of a planar flow."""

import numpy as np
import pytest

from refdgm.flow.planar_transform import planar_transform

from ..kit import verify

TestPlanarTransform = verify(planar_transform)

W, B = np.array([1.5, -0.5, 2.0]), 0.3
either = pytest.mark.parametrize("constraint", ["none", "softplus"])


def layers(rng, *along):
    """u with ⟨u, w⟩ of the sizes asked for, and something across."""
    for size in along:
        u = rng.normal(size=3)
        yield u + (size - u @ W) / (W @ W) * W


class TestLaws:
    def test_at_a_point(self):
        """z = ½, w = 2, u = 3, b = −1: a = 0, h = 0, h′ = 1, so x = z and ℓ = log 7. For x_bar = 5, ℓ_bar = 7: E = 1,
        a_bar = 15, z_bar = 35, u_bar = 2, w_bar = 15/2 + 3, b_bar = 15. Kills: h for h′, a sign, the 1 of the lemma,
        parts of z_bar, u_bar, w_bar."""
        (x, log_det), pullback = planar_transform.vjp(np.full((1, 1), 0.5), np.array([3.0]), np.array([2.0]), -1.0,
                                                      constraint="none")
        grads = pullback(np.full((1, 1), 5.0), np.full(1, 7.0))
        np.testing.assert_allclose([x[0, 0], log_det[0]], [0.5, np.log(7.0)], rtol=1e-15)
        got = [float(grads[name].reshape(-1)[0]) for name in planar_transform.wrt]
        np.testing.assert_allclose(got, [35, 2, 10.5, 15], rtol=1e-14)

    def test_what_the_constraint_makes_of_u(self, rng):
        """Far out h = 1, and the layer moves every point by u_hat: ⟨u_hat, w⟩ = log(1 + e^⟨u, w⟩) − 1, and across w it
        is u. Kills: ‖w‖ for ‖w‖², no −1, another function, a part of u lost."""
        far = 40 * W[None, :]
        for u in layers(rng, -30.0, -2.0, -0.1, 0.0, 0.5, 3.0, 50.0):
            hat = (planar_transform(far, u, W, B, constraint="softplus").x - far)[0]
            np.testing.assert_allclose(hat @ W, np.logaddexp(0, u @ W) - 1, rtol=1e-11, atol=1e-11)
            across = hat - u
            np.testing.assert_allclose(across - (across @ W) / (W @ W) * W, 0, atol=1e-12)

    @either
    def test_the_determinant_of_the_whole_jacobian(self, rng, constraint):
        """By differences and LAPACK, also where the layer folds over. Kills: every other ℓ than that of the map that
        was computed: of the raw u, of h, of h′², without a modulus, with a small number in it."""
        z, h = rng.normal(size=3) / 2, 1e-3
        for u in layers(rng, -4.0, -1.5, 0.3, 6.0):
            image = lambda at, u=u: planar_transform(at[None, :], u, W, B, constraint=constraint).x[0]
            rows = lambda h, f=image: np.array([(f(z + h * e) - f(z - h * e)) / (2 * h) for e in np.eye(3)])
            sign, want = np.linalg.slogdet((4 * rows(h / 2) - rows(h)) / 3)
            assert constraint == "none" or sign > 0
            got = planar_transform(z[None, :], u, W, B, constraint=constraint).log_det
            np.testing.assert_allclose(got, [want], rtol=1e-7, atol=1e-8)

    def test_with_the_constraint_planes_keep_their_order(self):
        """⟨w, x⟩ rises with ⟨w, z⟩ whatever u is, also far below −1; without it it does not. Kills: a constraint that
        allows more than it should."""
        z = np.linspace(-4, 4, 2001)[:, None] * W / (W @ W)
        for size in (-50.0, -5.0, -1.25, 0.0, 5.0):
            u = size / (W @ W) * W
            assert np.all(np.diff(planar_transform(z, u, W, B, constraint="softplus").x @ W) > 0)
            assert np.all(np.diff(planar_transform(z, u, W, B, constraint="none").x @ W) > 0) == (size >= -1)

    @pytest.mark.parametrize("size", [-1.5, 0.7, 4.0])
    def test_a_density_has_mass_one(self, size):
        """On the line, z drawn: ∫ N(z) e^{−ℓ} dx = 1, the points of x being those of a fine grid of z. Kills: +ℓ."""
        z, w = np.linspace(-10, 10, 8001), 1.7
        x, log_det = planar_transform(z[:, None], np.array([size / w]), np.array([w]), B, constraint="softplus")
        density = np.exp(-(z**2) / 2 - log_det) / np.sqrt(2 * np.pi)
        x = x[:, 0]
        np.testing.assert_allclose(np.sum((density[1:] + density[:-1]) / 2 * np.diff(x)), 1, rtol=1e-5)

    @either
    def test_far_from_its_plane_nothing_is_stretched(self, constraint):
        """|a| = 200: ℓ = 4 e^{−400} k. Kills: h′ = 1 − h², which is 0 there."""
        u, w = np.array([0.7]), np.array([2.0])
        k = 1.4 if constraint == "none" else np.logaddexp(0, 1.4) - 1
        got = planar_transform(np.array([[100.0], [-100.0]]), u, w, 0.0, constraint=constraint).log_det
        np.testing.assert_allclose(got, 4 * np.exp(-400) * k, rtol=1e-11)

    def test_pressed_together(self):
        """⟨u, w⟩ = −50, in the plane: ℓ = log sp(−50), nearly −50; nothing is left of it in log(1 + k). Kills: 1 + h′k
        with its k."""
        u, w = np.array([-25.0]), np.array([2.0])
        got = planar_transform(np.zeros((1, 1)), u, w, 0.0, constraint="softplus").log_det
        np.testing.assert_allclose(got, [np.log(np.log1p(np.exp(-50.0)))], rtol=1e-13)
