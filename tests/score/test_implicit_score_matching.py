"""Implicit score matching."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.score.implicit_score_matching import implicit_score_matching, implicit_score_matching_shallow

from ..kit import verify

TestImplicitScoreMatching = verify(implicit_score_matching)
TestImplicitScoreMatchingShallow = verify(implicit_score_matching_shallow)


def sigma_points(mean, covariance):
    """2D points with exactly this mean and covariance: quadratic expectations become finite sums."""
    values, vectors = np.linalg.eigh(covariance)
    arms = (vectors * np.sqrt(len(mean) * values)).T
    return mean + np.concatenate([arms, -arms])


class TestLaws:
    def test_linear_score(self):
        """½‖Ax + b‖² + tr A with A = (1 2; 3 4), b = (1, −1), x = (1, 1): s = (4, 6), J = 26 + 5.

        x_bar = Aᵀs, A_bar = s xᵀ + I, b_bar = s. Kills: twice the trace, no trace in A_bar, the square of the trace.
        """
        theta = {"A": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([1.0, -1.0])}
        value, pullback = implicit_score_matching.vjp(np.ones((1, 2)), theta, score="linear")
        grads = pullback(np.ones(1))
        np.testing.assert_array_equal(value, [31])
        np.testing.assert_array_equal(grads["x"], [[22, 32]])
        np.testing.assert_array_equal(grads["theta"]["A"], [[5, 4], [6, 7]])
        np.testing.assert_array_equal(grads["theta"]["b"], [4, 6])

    def test_a_gaussian_is_learnt(self):
        """For N(μ, Σ) the minimiser is A = −Σ⁻¹, b = Σ⁻¹μ, the minimum −½ tr Σ⁻¹.

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
        """½ tr AΣAᵀ + ½‖Aμ + b‖² + tr A. Kills: ‖A x‖² without b, the trace of Aᵀ A."""
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


class TestLawsOfTheShallowForm:
    def test_one_unit(self):
        """s = w₂ tanh(w₁x + b₁) + b₂ with w₁ = 2, w₂ = 3, b₂ = 1 at a = 0: s = 1, J = ½ + 6, s_bar = 1, φ' = 1, φ'' =
        0: w_bar₁ = 3x + 3, b_bar₁ = 3, w_bar₂ = 0 + 2, b_bar₂ = 1, x_bar = 6. Kills: c_bar left out of either weight,
        twice the trace."""
        theta = {"W1": np.array([[2.0]]), "b1": np.array([-1.0]), "W2": np.array([[3.0]]), "b2": np.array([1.0])}
        value, pullback = implicit_score_matching_shallow.vjp(np.array([[0.5]]), theta, activation="tanh")
        grads = pullback(np.ones(1))
        got = [value[0], grads["x"][0, 0], *(grads["theta"][name].ravel()[0] for name in ("W1", "b1", "W2", "b2"))]
        np.testing.assert_array_equal(got, [6.5, 6, 4.5, 3, 2, 1])

    def test_a_product_of_hyperbolic_secants_is_learnt(self):
        """π(x) = Π sech(x_d)/π has the score −tanh x_d: W₁ = I, W₂ = −I, no biases. There every gradient of E J is
        zero, and E J = −½ E ‖tanh x‖² = −D/4; by quadrature on a grid, for D = 2. Kills: φ''c missing or of another
        sign, φ for φ' in the trace, c_bar left out of a weight, the anti-score."""
        line = np.linspace(-40, 40, 641)
        x = np.stack(np.meshgrid(line, line, indexing="ij"), axis=-1).reshape(-1, 2)
        mass = np.prod(1 / np.cosh(x) / np.pi, axis=1) * (line[1] - line[0]) ** 2
        theta = {"W1": np.eye(2), "b1": np.zeros(2), "W2": -np.eye(2), "b2": np.zeros(2)}
        value, pullback = implicit_score_matching_shallow.vjp(x, theta, activation="tanh")
        np.testing.assert_allclose(mass @ value, -0.5, rtol=1e-13)
        for name, g in pullback(mass)["theta"].items():
            np.testing.assert_allclose(g, 0, atol=1e-13, err_msg=name)

    def test_the_trace_of_the_whole_jacobian(self, rng):
        """tr W₂ diag(φ'(a)) W₁ as a matrix for each example, with as many units as dimensions and with more, softplus.
        Kills: diag(W₂W₁) for diag(W₁W₂), which fits where there are as many, the sum of all entries, a mean over D."""
        for units in (3, 5):
            theta = {"W1": rng.normal(size=(units, 3)), "b1": rng.normal(size=units),
                     "W2": rng.normal(size=(3, units)), "b2": rng.normal(size=3)}
            x = rng.normal(size=(4, 3))
            a = x @ theta["W1"].T + theta["b1"]
            s = np.log1p(np.exp(a)) @ theta["W2"].T + theta["b2"]
            jacobians = [theta["W2"] @ np.diag(1 / (1 + np.exp(-row))) @ theta["W1"] for row in a]
            want = np.sum(s**2, axis=1) / 2 + [np.trace(jacobian) for jacobian in jacobians]
            got = implicit_score_matching_shallow(x, theta, activation="softplus")
            np.testing.assert_allclose(got, want, rtol=1e-13)

    def test_it_is_the_fisher_divergence_up_to_a_constant(self):
        """Hyvärinen's theorem on the line for the logistic density, whose score is −tanh(x/2): for any network
        E J = ½ E(s + tanh(x/2))² − ½ E tanh²(x/2) = ½ E(…)² − 1/6. Kills: what only fits the optimum."""
        x = np.linspace(-90, 90, 6001)
        density = 1 / (4 * np.cosh(x / 2) ** 2)
        theta = {"W1": np.array([[1.2], [-0.7], [0.4]]), "b1": np.array([0.3, -0.5, 0.8]),
                 "W2": np.array([[-1.1, 0.9, 0.6]]), "b2": np.array([0.2])}
        a = np.outer(x, theta["W1"]) + theta["b1"]
        s = (a / (1 + np.exp(-a))) @ theta["W2"][0] + theta["b2"]
        step = x[1] - x[0]
        fisher = np.sum(density * (s + np.tanh(x / 2)) ** 2) * step / 2
        value = implicit_score_matching_shallow(x[:, None], theta, activation="silu")
        np.testing.assert_allclose(np.sum(density * value) * step, fisher - 1 / 6, rtol=1e-11)

    def test_another_depth_is_refused(self):
        theta = {n: np.ones(4) if n.startswith("b") else np.ones((4, 4)) for n in ("W1", "b1", "W2", "b2", "W3")}
        with pytest.raises(ArgumentError, match=r"theta must have the entries W1, b1, W2, b2, got .*; remove W3"):
            implicit_score_matching_shallow(np.ones((3, 4)), theta, activation="tanh")
