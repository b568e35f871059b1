"""Implicit score matching."""

import numpy as np

from refdgm.score.implicit import implicit_score_matching

from ..kit import verify
from ..oracles import implicit_score_matching as oracle

TestImplicitScoreMatching = verify(implicit_score_matching, oracle)


def sigma_points(mean, covariance):
    """2D points with exactly this mean and covariance: quadratic expectations become finite sums."""
    values, vectors = np.linalg.eigh(covariance)
    arms = (vectors * np.sqrt(len(mean) * values)).T
    return mean + np.concatenate([arms, -arms])


class TestLaws:
    def test_linear_score(self):
        """½‖Ax + b‖² + tr A with A = (1 2; 3 4), b = (1, −1), x = (1, 1): s = (4, 6), J = 26 + 5.

        x̄ = Aᵀs, Ā = s xᵀ + I, b̄ = s. Kills: twice the trace, no trace in Ā, the square of the trace.
        """
        theta = {"A": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([1.0, -1.0])}
        value, pullback = implicit_score_matching.vjp(np.ones((1, 2)), theta, score="linear")
        grads = pullback(np.ones(1))
        np.testing.assert_array_equal(value, [31])
        np.testing.assert_array_equal(grads["x"], [[22, 32]])
        np.testing.assert_array_equal(grads["theta"]["A"], [[5, 4], [6, 7]])
        np.testing.assert_array_equal(grads["theta"]["b"], [4, 6])

    def test_a_gaussian_is_learnt(self):
        """K14: for N(μ, Σ) the minimiser is A = −Σ⁻¹, b = Σ⁻¹μ, the minimum −½ tr Σ⁻¹.

        Kills: −tr (whose minimiser is the anti-score), a factor other than ½, the mean over D.
        """
        mean, covariance = np.array([0.5, -1.0]), np.array([[1.0, 0.3], [0.3, 0.5]])
        precision = np.linalg.inv(covariance)
        theta = {"A": -precision, "b": precision @ mean}
        value, grads = implicit_score_matching.value_and_grad(sigma_points(mean, covariance), theta, score="linear")
        np.testing.assert_allclose(value, -np.trace(precision) / 2, rtol=1e-13)
        np.testing.assert_allclose(grads["theta"]["A"], 0, atol=1e-13)
        np.testing.assert_allclose(grads["theta"]["b"], 0, atol=1e-13)

    def test_any_linear_score_on_a_gaussian(self, rng):
        """K14: ½ tr AΣAᵀ + ½‖Aμ + b‖² + tr A. Kills: ‖A x‖² without b, the trace of Aᵀ A."""
        mean, covariance = np.array([0.5, -1.0]), np.array([[1.0, 0.3], [0.3, 0.5]])
        a, b = rng.normal(size=(2, 2)), rng.normal(size=2)
        want = np.trace(a @ covariance @ a.T) / 2 + np.sum((a @ mean + b) ** 2) / 2 + np.trace(a)
        x = sigma_points(mean, covariance)
        value, _ = implicit_score_matching.value_and_grad(x, {"A": a, "b": b}, score="linear")
        np.testing.assert_allclose(value, want, rtol=1e-13)

    def test_it_is_the_fisher_divergence_up_to_a_constant(self):
        """Hyvärinen's theorem for a mixture of two Gaussians in 1-D by quadrature: for any network,
        E J = ½ E(s − ∇log π)² − ½ E(∇log π)². Kills: any other factor of the trace, also in front of a nonlinear s.
        """
        x = np.linspace(-14, 14, 4001)
        parts = 0.3 * np.exp(-((x + 2) ** 2) / 2), 0.7 / 0.6 * np.exp(-((x - 1) ** 2) / (2 * 0.36))
        density = (parts[0] + parts[1]) / np.sqrt(2 * np.pi)
        true_score = (-(x + 2) * parts[0] - (x - 1) / 0.36 * parts[1]) / (parts[0] + parts[1])
        theta = {"W1": np.array([[1.2], [-0.7], [0.4]]), "b1": np.array([0.3, -0.5, 0.8]),
                 "W2": np.array([[-1.1, 0.9, 0.6]]), "b2": np.array([0.2])}
        s = np.tanh(np.outer(x, theta["W1"]) + theta["b1"]) @ theta["W2"][0] + theta["b2"]
        fisher = np.sum(density * ((s - true_score) ** 2 - true_score**2)) * (x[1] - x[0]) / 2
        value = implicit_score_matching(x[:, None], theta, score="mlp_tanh")
        np.testing.assert_allclose(np.sum(density * value) * (x[1] - x[0]), fisher, rtol=1e-11)
