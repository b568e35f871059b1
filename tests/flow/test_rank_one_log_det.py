"""The matrix determinant lemma."""

import numpy as np
import pytest

from refdgm.flow.rank_one_log_det import rank_one_log_det

from ..kit import verify

TestRankOneLogDet = verify(rank_one_log_det)


def gradients(matrix, u, v):
    return rank_one_log_det.vjp(matrix, u, v)[1](np.ones(len(u)))


def drawn(rng, batch, size):
    return rng.normal(size=(batch, size, size)) + 2 * np.eye(size), *rng.normal(size=(2, batch, size))


class TestLaws:
    @pytest.mark.parametrize("size", [1, 2, 5, 9])
    def test_is_the_determinant_of_the_sum(self, rng, size):
        """LAPACK of A + u vᵀ. Kills: signs of κ, one factor alone, u and v exchanged, A for its inverse."""
        a, u, v = drawn(rng, 6, size)
        want = np.linalg.slogdet(a + u[:, :, None] * v[:, None, :])[1]
        np.testing.assert_allclose(rank_one_log_det(a, u, v), want, rtol=1e-11, atol=1e-12)

    @pytest.mark.parametrize("size", [1, 2, 5])
    def test_gradients_are_those_of_the_sum(self, rng, size):
        """A_bar (A + u vᵀ)ᵀ = I, u_bar = A_bar v, v_bar = A_barᵀ u. Kills: A^{−T} alone, its outer product transposed,
        1 + κ left out."""
        a, u, v = drawn(rng, 4, size)
        g, both = gradients(a, u, v), a + u[:, :, None] * v[:, None, :]
        one = np.broadcast_to(np.eye(size), a.shape)
        np.testing.assert_allclose(g["matrix"] @ np.swapaxes(both, 1, 2), one, atol=1e-11)
        np.testing.assert_allclose(g["u"], np.sum(g["matrix"] * v[:, None, :], axis=2), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(g["v"], np.sum(g["matrix"] * u[:, :, None], axis=1), rtol=1e-9, atol=1e-12)

    def test_at_a_small_matrix(self):
        """A = (2 1; 0 1), u = (3, 1), v = (1, −5): A⁻¹u = (1, 1), κ = −4, det A + u vᵀ = 2 · −3. Kills: log(1 + κ),
        which is not a number, 1 − κ, and every gradient that is not divided by −3."""
        a, u, v = np.array([[[2.0, 1.0], [0.0, 1.0]]]), np.array([[3.0, 1.0]]), np.array([[1.0, -5.0]])
        np.testing.assert_allclose(rank_one_log_det(a, u, v), np.log([6.0]), rtol=1e-15)
        g = gradients(a, u, v)
        np.testing.assert_allclose(g["v"], [[-1 / 3, -1 / 3]], rtol=1e-14)
        np.testing.assert_allclose(g["u"], [[-1 / 6, 11 / 6]], rtol=1e-14)
        np.testing.assert_allclose(g["matrix"], [np.array([[-4, -1], [14, 5]]) / -6], rtol=1e-13)

    def test_added_to_the_identity(self, rng):
        """log |1 + ⟨v, u⟩|, to the last digit of a product of 1e-12. Kills: log (1 + κ) of a rounded sum."""
        u, v = rng.normal(size=(2, 5, 7))
        one = np.broadcast_to(np.eye(7), (5, 7, 7))
        dots = np.sum(u * v, axis=1)
        np.testing.assert_allclose(rank_one_log_det(one, u, v), np.log(np.abs(1 + dots)), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(rank_one_log_det(one, 1e-12 * u, v), np.log1p(1e-12 * dots), rtol=1e-13)

    def test_two_updates_in_either_order(self, rng):
        """det (A + u vᵀ + w zᵀ), from either side. Kills: what is right for one A only."""
        a, u, v = drawn(rng, 3, 4)
        w, z = rng.normal(size=(2, 3, 4))
        outer = lambda p, q: p[:, :, None] * q[:, None, :]
        both = np.linalg.slogdet(a + outer(u, v) + outer(w, z))[1]
        np.testing.assert_allclose(rank_one_log_det(a + outer(u, v), w, z), both, rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(rank_one_log_det(a + outer(w, z), u, v), both, rtol=1e-11, atol=1e-12)

    def test_a_gaussian_with_one_factor(self, rng):
        """Covariance diag d + c cᵀ: log det by its eigenvalues. Kills: vᵀ A u, which a diagonal of ones hides."""
        d, c = rng.uniform(0.25, 4, size=(3, 6)), rng.normal(size=(3, 6))
        diagonal = d[:, :, None] * np.eye(6)
        want = np.sum(np.log(np.linalg.eigvalsh(diagonal + c[:, :, None] * c[:, None, :])), axis=1)
        np.testing.assert_allclose(rank_one_log_det(diagonal, c, c), want, rtol=1e-12, atol=1e-13)


def test_what_is_taken_away_wholly():
    """A = 2 I, u = −2 v/‖v‖²: κ = −1, and nothing is left of one direction but rounding."""
    a, v = 2 * np.eye(2)[None], np.array([[1.0, 1.0]])
    assert rank_one_log_det(a, -v, v) < -30


def test_what_makes_a_singular_matrix_regular(rng):
    """A without inverse: the lemma alone says NaN, or has no digit where A is singular but for rounding."""
    a, u, v = drawn(rng, 4, 3)
    a[:, 2] = a[:, 0] - a[:, 1] * (1 + 2.0**-40)
    a[0, 2] = 0
    want = np.linalg.slogdet(a + u[:, :, None] * v[:, None, :])[1]
    np.testing.assert_allclose(rank_one_log_det(a, u, v), want, rtol=1e-12, atol=1e-12)
