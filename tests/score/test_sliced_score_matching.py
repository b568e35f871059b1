"""Sliced score matching, plain and with reduced variance."""

from itertools import product

import numpy as np
import pytest

from refdgm.score.sliced_score_matching import sliced_score_matching, sliced_score_matching_vr

from ..kit import verify

TestSlicedScoreMatching = verify(sliced_score_matching)
TestSlicedScoreMatchingVR = verify(sliced_score_matching_vr)

both = pytest.mark.parametrize("ref", [sliced_score_matching, sliced_score_matching_vr], ids=lambda ref: ref.name)


def all_signs(batch, size):
    """Every vector of ±1 as a direction of every example: means over them are expectations."""
    signs = np.array(list(product((1.0, -1.0), repeat=size)))
    return np.broadcast_to(signs, (batch, *signs.shape)).copy()


def of_length(batch, size):
    """√D e_i: other directions with E v vᵀ = I, of which no component is ±1."""
    return np.broadcast_to(np.sqrt(size) * np.eye(size), (batch, size, size)).copy()


class TestLaws:
    def test_at_a_point(self):
        """s = Ax + b with A = (1 2; 3 4), b = (1, −1), x = (1, 1): s = (4, 6); v = (2, 1): ⟨v, s⟩ = 14, vᵀAv = 18.
        J = 98 + 18, s_bar = 14v; reduced J = 26 + 18, s_bar = s; x_bar = Aᵀs_bar, A_bar = s_bar xᵀ + vvᵀ. Kills: no ½,
        −vᵀAv, both halves kept. """
        theta = {"A": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([1.0, -1.0])}
        x, probe = np.ones((1, 2)), np.array([[[2.0, 1.0]]])
        for ref, want in ((sliced_score_matching, (116, [70, 112], [[32, 30], [16, 15]], [28, 14])),
                          (sliced_score_matching_vr, (44, [22, 32], [[8, 6], [8, 7]], [4, 6]))):
            value, pullback = ref.vjp(x, probe, theta, score="linear")
            grads = pullback(np.ones(1))
            got = value[0], grads["x"][0], grads["theta"]["A"], grads["theta"]["b"]
            for x_got, x_want in zip(got, want, strict=True):
                np.testing.assert_array_equal(x_got, x_want)

    @both
    @pytest.mark.parametrize("directions", [all_signs, of_length])
    def test_the_expectation_is_the_exact_trace(self, ref, directions, rng):
        """A linear score in three dimensions: the mean over all v is ½ ‖s‖² + tr A, with x_bar = Aᵀs, A_bar = Σ (s xᵀ +
        I), b_bar = Σ s. Kills: the sum over directions for their mean, directions of another length, −tr (the printed
        form that learns the anti-score), the square of the mean."""
        x, a, b = rng.normal(size=(5, 3)), rng.normal(size=(3, 3)), rng.normal(size=3)
        s, bar = x @ a.T + b, rng.normal(size=5)
        value, pullback = ref.vjp(x, directions(5, 3), {"A": a, "b": b}, score="linear")
        grads = pullback(bar)
        np.testing.assert_allclose(value, np.sum(s**2, axis=1) / 2 + np.trace(a), rtol=1e-13)
        np.testing.assert_allclose(grads["x"], bar[:, None] * (s @ a), rtol=1e-12, atol=1e-13)
        want = (bar[:, None] * s).T @ x + np.sum(bar) * np.eye(3)
        np.testing.assert_allclose(grads["theta"]["A"], want, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(grads["theta"]["b"], bar @ s, rtol=1e-12, atol=1e-13)

    @both
    def test_the_expectation_for_one_hidden_layer(self, ref, rng):
        """s = W₂ tanh(W₁x + b₁) + b₂ with c = diag(W₁W₂): the mean over all signs is ½ ‖s‖² + Σ φ'c, and b_bar₁ is
        Σ_b φ' ∘ W₂ᵀs + φ'' ∘ c. Kills: the second derivative of the activation forgotten."""
        x = rng.normal(size=(5, 3))
        theta = {"W1": rng.normal(size=(4, 3)), "b1": rng.normal(size=4),
                 "W2": rng.normal(size=(3, 4)), "b2": rng.normal(size=3)}
        h = np.tanh(x @ theta["W1"].T + theta["b1"])
        s, c = h @ theta["W2"].T + theta["b2"], np.diag(theta["W1"] @ theta["W2"])
        value, pullback = ref.vjp(x, all_signs(5, 3), theta, score="mlp_tanh")
        np.testing.assert_allclose(value, np.sum(s**2, axis=1) / 2 + (1 - h**2) @ c, rtol=1e-13)
        want = np.sum((1 - h**2) * (s @ theta["W2"]) - 2 * h * (1 - h**2) * c, axis=0)
        np.testing.assert_allclose(pullback(np.ones(5))["theta"]["b1"], want, rtol=1e-12)

    def test_variance_over_signs(self, rng):
        """For s = −x over all signs the plain objective has variance ½ (‖x‖⁴ − Σ x_i⁴), the reduced one none;
        for any linear score 2 (‖M‖² − Σ M_ii²) with M = ½ ssᵀ + sym A, or sym A. Kills: the two forms exchanged."""
        x = np.broadcast_to([0.5, -1.0, 2.0], (8, 3)).copy()
        probe = all_signs(1, 3)[0][:, None, :]
        anti = {"A": -np.eye(3), "b": np.zeros(3)}
        plain = sliced_score_matching(x, probe, anti, score="linear")
        np.testing.assert_allclose(np.var(plain), (np.sum(x[0] ** 2) ** 2 - np.sum(x[0] ** 4)) / 2, rtol=1e-13)
        reduced = sliced_score_matching_vr(x, probe, anti, score="linear")
        np.testing.assert_array_equal(reduced, np.full(8, 0.5 * 5.25 - 3))
        theta = {"A": rng.normal(size=(3, 3)), "b": rng.normal(size=3)}
        s = theta["A"] @ x[0] + theta["b"]
        sym = (theta["A"] + theta["A"].T) / 2
        for ref, m in ((sliced_score_matching, np.outer(s, s) / 2 + sym), (sliced_score_matching_vr, sym)):
            got = np.var(ref(x, probe, theta, score="linear"))
            np.testing.assert_allclose(got, 2 * (np.sum(m**2) - np.sum(np.diag(m) ** 2)), rtol=1e-12)

    @both
    def test_a_gaussian_is_learnt(self, ref):
        """For N(μ, Σ) the minimiser is A = −Σ⁻¹, b = Σ⁻¹μ, the minimum −½ tr Σ⁻¹, as for the exact trace; x are
        points with exactly this mean and covariance. Kills: −vᵀ(∂s/∂x)v, which learns the anti-score; ‖s‖² for ½ ‖s‖².
        """
        mean, covariance = np.array([0.5, -1.0]), np.array([[1.0, 0.3], [0.3, 0.5]])
        values, vectors = np.linalg.eigh(covariance)
        arms = (vectors * np.sqrt(2 * values)).T
        x, precision = mean + np.concatenate([arms, -arms]), np.linalg.inv(covariance)
        theta = {"A": -precision, "b": precision @ mean}
        value, grads = ref.value_and_grad(x, all_signs(4, 2), theta, score="linear")
        np.testing.assert_allclose(value, -np.trace(precision) / 2, rtol=1e-13)
        np.testing.assert_allclose(grads["theta"]["A"], 0, atol=1e-13)
        np.testing.assert_allclose(grads["theta"]["b"], 0, atol=1e-13)

    @both
    def test_every_example_has_its_own_directions(self, ref):
        """A diagonal A = (1, 10, 100), s = 0 at x = 0, v = e_i for example i: J = A_ii. Kills: the directions of the
        first example, or of the batch's mean, for all."""
        theta = {"A": np.diag([1.0, 10.0, 100.0]), "b": np.zeros(3)}
        got = ref(np.zeros((3, 3)), np.eye(3)[:, None, :], theta, score="linear")
        np.testing.assert_array_equal(got, [1, 10, 100])
