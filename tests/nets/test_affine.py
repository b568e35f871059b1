"""The affine layer."""

import numpy as np

from refdgm.nets.affine import affine

from ..kit import verify

TestAffine = verify(affine)


class TestLaws:
    def test_a_rotation_by_hand(self):
        """Whole numbers. Kills: W for Wᵀ where W is square, b left out or subtracted, a mean over the batch."""
        x, W, b = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[0.0, -1.0], [1.0, 4.0]]), np.array([10.0, 20.0])
        y, pullback = affine.vjp(x, W, b)
        np.testing.assert_array_equal(y, [[8, 29], [5, 43]])
        grads = pullback(np.array([[1.0, 0.0], [2.0, 1.0]]))
        np.testing.assert_array_equal(grads["x"], [[0, -1], [1, 2]])
        np.testing.assert_array_equal(grads["W"], [[7, 12], [3, 5]])
        np.testing.assert_array_equal(grads["b"], [3, 1])

    def test_the_gradients_vanish_at_the_least_squares_solution(self, rng):
        """Normal equations, solved by NumPy. Kills: W_bar with the batch's order lost, b_bar as a mean where W_bar is a
        sum."""
        x, target = rng.normal(size=(17, 3)), rng.normal(size=(17, 2))
        solution = np.linalg.lstsq(np.column_stack([x, np.ones(17)]), target, rcond=None)[0]
        y, pullback = affine.vjp(x, solution[:3].T.copy(), solution[3])
        grads = pullback(y - target)
        np.testing.assert_allclose(grads["W"], 0, atol=1e-13)
        np.testing.assert_allclose(grads["b"], 0, atol=1e-13)
        moved = affine.vjp(x, solution[:3].T.copy(), solution[3] + 1.0)[1](y + 1.0 - target)
        np.testing.assert_allclose(moved["b"], 17, rtol=1e-13)

    def test_an_affine_map_keeps_mixtures(self, rng):
        """y(λ u + (1 − λ) v) = λ y(u) + (1 − λ) y(v). Kills: an activation, a bias that depends on the input."""
        W, b = rng.normal(size=(4, 3)), rng.normal(size=4)
        u, v = rng.normal(size=(2, 5, 3))
        np.testing.assert_allclose(affine(0.25 * u + 0.75 * v, W, b), 0.25 * affine(u, W, b) + 0.75 * affine(v, W, b),
                                   atol=1e-14)

    def test_an_implicit_generator_pushes_a_gaussian_to_a_gaussian(self):
        """z ~ N(0, I) becomes N(b, WWᵀ), and ½E‖y‖² has the gradients W and b: sums over the nodes of a product rule
        that is exact for cubics. Kills: WᵀW, a covariance about zero, W_bar or b_bar of one draw for that of the
        law."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(3)
        z = np.stack(np.meshgrid(nodes, nodes, indexing="ij"), axis=-1).reshape(-1, 2)
        mass = np.outer(weights, weights).ravel() / (2 * np.pi)
        W, b = np.array([[1.0, 2.0], [-0.5, 3.0], [0.25, 0.0]]), np.array([1.0, -2.0, 0.5])
        y, pullback = affine.vjp(z, W, b)
        mean = mass @ y
        np.testing.assert_allclose(mean, b, atol=1e-14)
        np.testing.assert_allclose((mass[:, None] * (y - mean)).T @ (y - mean), [[5, 5.5, 0.25], [5.5, 9.25, -0.125],
                                                                                 [0.25, -0.125, 0.0625]], atol=1e-13)
        grads = pullback(mass[:, None] * y)
        np.testing.assert_allclose(grads["W"], W, atol=1e-14)
        np.testing.assert_allclose(grads["b"], b, atol=1e-14)
