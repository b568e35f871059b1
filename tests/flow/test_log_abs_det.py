"""The logarithm of an absolute determinant."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from refdgm.flow.log_abs_det import log_abs_det

from ..kit import verify

TestLogAbsDet = verify(log_abs_det)


def gradient(matrix):
    return log_abs_det.vjp(matrix)[1](np.ones(len(matrix)))["matrix"]


def exact(matrix):
    """The determinant of a matrix of floats, by Leibniz's formula, in fractions."""
    size, total = len(matrix), Fraction(0)
    for order in permutations(range(size)):
        turns = sum(order[i] > order[j] for i in range(size) for j in range(i + 1, size))
        term = Fraction((-1) ** turns)
        for i in range(size):
            term *= Fraction(float(matrix[i][order[i]]))
        total += term
    return total


class TestLaws:
    @pytest.mark.parametrize("size", [1, 2, 3, 5])
    def test_is_the_sum_over_permutations(self, rng, size):
        """Leibniz's formula in fractions. Kills: the product of the diagonal, a permanent, a missing sign, 2 or ½."""
        m = rng.normal(size=(4, size, size))
        want = [np.log(abs(float(exact(one)))) for one in m]
        np.testing.assert_allclose(log_abs_det(m), want, rtol=1e-13, atol=1e-14)

    def test_at_a_small_matrix(self):
        """(2 3; 5 1): det = −13, M^{−T} = (1 −5; −3 2)/−13. Kills: log det (not a number), the sign in the place of the
        logarithm, M⁻¹ for M^{−T}, the adjugate without its determinant, signs of cofactors."""
        value, pullback = log_abs_det.vjp(np.array([[[2.0, 3.0], [5.0, 1.0]]] * 2))
        np.testing.assert_allclose(value, np.log([13.0, 13.0]), rtol=1e-15)
        want = np.array([[1.0, -5.0], [-3.0, 2.0]]) / -13
        np.testing.assert_allclose(pullback(np.array([1.0, 10.0]))["matrix"], [want, 10 * want], rtol=1e-14)

    @pytest.mark.parametrize("size", [1, 4, 12])
    def test_the_gradient_is_the_inverse_transposed(self, rng, size):
        """M_bar Mᵀ = I. Kills: everything that is no M^{−T}, at sizes at which nobody expands."""
        m = rng.normal(size=(3, size, size))
        one = np.broadcast_to(np.eye(size), m.shape)
        np.testing.assert_allclose(gradient(m) @ np.swapaxes(m, 1, 2), one, atol=1e-11)

    def test_volumes_multiply(self, rng):
        """log |det AB| = log |det A| + log |det B|, and of the transpose and the inverse. Kills: means over D,
        determinants without logarithm."""
        a, b = rng.normal(size=(2, 3, 6, 6))
        each = log_abs_det(a) + log_abs_det(b)
        np.testing.assert_allclose(log_abs_det(a @ b), each, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(log_abs_det(np.swapaxes(a, 1, 2)), log_abs_det(a), rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(log_abs_det(np.linalg.inv(a)), -log_abs_det(a), rtol=1e-11, atol=1e-11)

    def test_of_an_exponential_it_is_the_trace(self, rng):
        """log det e^A = tr A, e^A by its series. Kills: a factor, a base, a constant a dimension."""
        a = rng.normal(size=(3, 4, 4)) / 2
        term = total = np.broadcast_to(np.eye(4), a.shape)
        for k in range(1, 40):
            term = term @ a / k
            total = total + term
        np.testing.assert_allclose(log_abs_det(total), np.trace(a, axis1=1, axis2=2), rtol=1e-11, atol=1e-11)

    def test_a_gaussian_that_is_mapped(self, rng):
        """x = M z: log N(M⁻¹x; 0, I) − log |det M| is log N(x; 0, M Mᵀ), the covariance by its own eigenvalues. Kills:
        the sign of what a density changes by; what is right for one row alone."""
        m, z = rng.normal(size=(5, 3, 3)), rng.normal(size=(5, 3))
        x = np.sum(m * z[:, None, :], axis=2)
        values, vectors = np.linalg.eigh(m @ np.swapaxes(m, 1, 2))
        apart = np.sum(x[:, :, None] * vectors, axis=1)
        want = -np.sum(apart**2 / values + np.log(values), axis=1) / 2
        np.testing.assert_allclose(-np.sum(z**2, axis=1) / 2 - log_abs_det(m), want, rtol=1e-10)

    def test_hilbert(self):
        """Eight rows of 1/(i + j + 1), of condition 1e10. Kills: orthogonalising once, which leaves an angle."""
        m = 1 / (np.arange(8)[:, None] + np.arange(8) + 1.0)
        np.testing.assert_allclose(log_abs_det(m[None]), -74.978427329, rtol=1e-8)

    def test_units_of_rows_and_columns(self, rng):
        """R M C: log |det M| + Σ log R C, the gradient in units of its own. Kills: a product before its logarithm, rows
        made orthonormal as they stand (a column of 1e-20 is lost), squares of 1e±200."""
        m = rng.normal(size=(2, 3, 3))
        far = ([1e200, 1e-150, 1e-200], [1, 1, 1]), ([1, 1, 1], [1, 1e-20, 1e30]), ([1e150, 1, 1], [1, 1, 1e-150])
        for r, c in far:
            rows, columns = np.array(r)[:, None], np.array(c)
            value, grad = log_abs_det(rows * m * columns), gradient(rows * m * columns)
            moved = np.sum(np.log(rows)) + np.sum(np.log(columns))
            np.testing.assert_allclose(value, log_abs_det(m) + moved, rtol=1e-12, atol=1e-12)
            np.testing.assert_allclose(grad * rows * columns, gradient(m), rtol=1e-10)

    def test_nothing_is_left_of_a_rotation(self):
        """Exactly 0, and its own inverse transposed. Kills: a constant, an elimination that needs a diagonal."""
        turn = np.array([[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]])
        np.testing.assert_array_equal(log_abs_det(turn), [0])
        np.testing.assert_array_equal(gradient(turn), turn)


def test_singular_matrices(rng):
    """−∞, and infinite slopes; the other examples as if alone."""
    m = rng.normal(size=(3, 2, 2))
    m[1] = [[1, 2], [0, 0]]
    value, pullback = log_abs_det.vjp(m)
    grad = pullback(np.ones(3))["matrix"]
    assert value[1] == -np.inf and np.isinf(grad[1]).all()
    np.testing.assert_array_equal(value[[0, 2]], log_abs_det(m[[0, 2]]))
    np.testing.assert_array_equal(grad[[0, 2]], gradient(m[[0, 2]]))
