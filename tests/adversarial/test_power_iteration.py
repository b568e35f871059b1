"""A power iteration, and a matrix over its largest singular value."""

import numpy as np

from refdgm.adversarial.power_iteration import power_iteration, spectral_normalization
from refdgm.nets.mlp import mlp

from ..kit import verify

TestPowerIteration = verify(power_iteration)
TestSpectralNormalization = verify(spectral_normalization)


def first(W):
    u, s, v = np.linalg.svd(W)
    return u[:, 0], s[0], v[0]


class TestLaws:
    def test_at_whole_numbers(self):
        """W = (3, 4): v = (3, 4)/5; its transpose: u = (3, 4)/5; a start of any length. Kills: a sum of magnitudes, a
        square, a side that is not normalised, a transpose."""
        u, v = power_iteration(np.array([[3.0, 4.0]]), np.array([7.0]), iterations=1)
        np.testing.assert_allclose([*u, *v], [1, 0.6, 0.8], rtol=1e-15)
        u, v = power_iteration(np.array([[3.0], [4.0]]), np.array([-5.0, 0.0]), iterations=1)
        np.testing.assert_allclose([*u, *v], [-0.6, -0.8, -1], rtol=1e-15)

    def test_how_fast(self):
        """diag(s) from (1, 1, 1): after T rounds u is as s^{2T}, v as s^{2T − 1}. Kills: a round more or less, v of the
        next round."""
        s = np.array([2.0, -1.0, 0.5])
        for rounds in (1, 2, 5):
            u, v = power_iteration(np.diag(s), np.ones(3), iterations=rounds)
            np.testing.assert_allclose(u, s ** (2 * rounds) / np.linalg.norm(s ** (2 * rounds)), rtol=1e-13)
            np.testing.assert_allclose(v, s ** (2 * rounds - 1) / np.linalg.norm(s ** (2 * rounds - 1)), rtol=1e-13)

    def test_it_arrives_at_the_first_pair(self, rng):
        """LAPACK's, but for one sign of both. Kills: sides exchanged, signs turned one by one."""
        for shape in ((5, 3), (2, 7), (3, 3)):
            W = rng.normal(size=shape)
            u, v = power_iteration(W, rng.normal(size=shape[0]), iterations=400)
            want_u, sigma, want_v = first(W)
            np.testing.assert_allclose(np.outer(u, v), np.outer(want_u, want_v), atol=1e-10)
            np.testing.assert_allclose(spectral_normalization(W, u, v)[1], sigma, rtol=1e-13)

    def test_what_is_seen_of_nothing(self):
        """No weights, or a u that W does not see: zeros, and no 0/0."""
        for W, u in ((np.zeros((2, 3)), [1.0, 2.0]), (np.array([[1.0, 2.0], [0.0, 0.0]]), [0.0, 3.0])):
            for found in power_iteration(W, np.array(u), iterations=2):
                assert not found.any()

    def test_division_by_an_entry(self):
        """u, v axes: σ = W₂₁ = 5, and for Y_bar, σ_bar = 7 the gradient is Y_bar/5, with 7 − ⟨Y_bar, W⟩/25 more at that
        entry. Kills: σ held, σ_bar dropped, a sign, a σ too few, v uᵀ."""
        W, bar = np.array([[2.0, -3.0], [5.0, 0.5]]), np.array([[1.0, 2.0], [3.0, 4.0]])
        (value, sigma), pullback = spectral_normalization.vjp(W, np.array([0.0, 1.0]), np.array([1.0, 0.0]))
        np.testing.assert_array_equal(value, W / 5)
        np.testing.assert_array_equal(sigma, 5)
        want = bar / 5
        want[1, 0] += 7 - (2 - 6 + 15 + 2) / 25
        np.testing.assert_allclose(pullback(bar, np.array(7.0))["W"], want, rtol=1e-14)

    def test_the_slope_of_the_spectral_norm(self, rng):
        """At the first pair the gradient is that of W/‖W‖₂ and ‖W‖₂, by LAPACK's differences, the vectors' own motion
        included. Kills: whatever is not (2); Frobenius."""
        W, bar = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
        u, _, v = first(W)
        assert abs(np.linalg.norm(spectral_normalization(W, u, v)[0], 2) - 1) < 1e-14
        got = spectral_normalization.vjp(W, u, v)[1](bar, np.array(0.7))["W"]

        def loss(W):
            norm = np.linalg.norm(W, 2)
            return np.sum(bar * W) / norm + 0.7 * norm

        for at in np.ndindex(W.shape):
            step = np.zeros_like(W)
            step[at] = 1e-4
            halves = [(loss(W + h * step) - loss(W - h * step)) / (2e-4 * h) for h in (1, 2)]
            np.testing.assert_allclose(got[at], (4 * halves[0] - halves[1]) / 3, atol=1e-9)

    def test_scale_is_not_seen(self, rng):
        """⟨W, W_bar⟩ = σ σ_bar for any u and v, and 3W has the same quotient. Kills: σ held."""
        W, u, v = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=3)
        (value, sigma), pullback = spectral_normalization.vjp(W, u, v)
        for sigma_bar in (0.0, 2.0):
            along = np.sum(W * pullback(rng.normal(size=(4, 3)), np.array(sigma_bar))["W"])
            np.testing.assert_allclose(along, sigma * sigma_bar, atol=1e-12)
        np.testing.assert_allclose(spectral_normalization(3 * W, u, v)[0], value, rtol=1e-14)

    def test_a_network_of_such_layers_is_a_contraction(self, rng):
        """Two layers of norm one and a tanh: no two outputs are further apart than the inputs. Kills: Frobenius would
        pass, a quotient by σ² would not."""
        layers = [rng.normal(size=shape) * 5 for shape in ((6, 3), (1, 6))]
        one, two = (spectral_normalization(W, *(first(W)[i] for i in (0, 2)))[0] for W in layers)
        theta = {"W1": one, "b1": rng.normal(size=6), "W2": two, "b2": np.zeros(1)}
        x, y = rng.normal(size=(2, 50, 3))
        apart = np.abs(mlp(x, theta, activation="tanh") - mlp(y, theta, activation="tanh"))[:, 0]
        assert (apart <= np.linalg.norm(x - y, axis=1)).all() and apart.max() > 0.2
