"""The trace of a Jacobian, exact and by Hutchinson's estimator."""

from itertools import product

import numpy as np
import pytest

from refdgm.flow.hutchinson_trace import hutchinson_trace, jacobian_trace

from ..kit import verify

TestJacobianTrace = verify(jacobian_trace)
TestHutchinsonTrace = verify(hutchinson_trace)

A = np.array([[0.5, 2.0, -1.0, 0.3], [-0.7, -1.5, 0.4, 1.1], [0.2, 0.9, 2.5, -0.6], [1.3, -0.8, 0.1, 0.25]])
LINEAR = {"A": A, "b": np.array([0.3, -0.2, 0.7, 1.0])}
SIGNS = np.array(list(product((-1.0, 1.0), repeat=4)))  # all 16 Rademacher vectors of dimension 4
NETWORK = {"W1": np.array([[1.2, -0.4], [-0.7, 0.9], [0.4, 0.8]]), "b1": np.array([0.3, -0.5, 0.8]),
           "W2": np.array([[-1.1, 0.9, 0.6], [0.5, -0.3, 1.4]]), "b2": np.array([0.2, -0.1])}


class TestLawsOfTheTrace:
    def test_a_linear_field(self):
        """tr A = 1.75 at every x, A_bar = T_bar summed over the batch times I, no gradient for x and b. Kills: a mean
        over the axes, the sum of all entries, ‖A‖², one example's share of A_bar."""
        value, pullback = jacobian_trace.vjp(np.array([[0.3, -1.0, 2.0, 0.5], [1.0, 1.0, -2.0, 0.0]]), LINEAR,
                                             score="linear")
        grads = pullback(np.array([0.7, -1.2]))
        np.testing.assert_allclose(value, [1.75, 1.75], rtol=1e-15)
        np.testing.assert_allclose(grads["theta"]["A"], -0.5 * np.eye(4), atol=1e-15)
        assert not np.any(grads["x"]) and not np.any(grads["theta"]["b"])

    def test_one_hidden_layer(self):
        """Σ_j φ'(u_j) (W₁W₂)_jj, x_bar = W₁ᵀ(φ'' ∘ c), W_bar₂ = W₁ᵀ diag φ'. Kills: φ for φ', φ'' left out, another
        W_bar₂."""
        x, bar = np.array([[0.4, -0.9], [1.3, 0.2], [-0.6, 0.7]]), np.array([0.7, -1.2, 0.4])
        value, pullback = jacobian_trace.vjp(x, NETWORK, score="mlp_tanh")
        h, c = np.tanh(x @ NETWORK["W1"].T + NETWORK["b1"]), np.diag(NETWORK["W1"] @ NETWORK["W2"])
        grads, delta = pullback(bar), bar[:, None] * -2 * h * (1 - h**2) * c
        np.testing.assert_allclose(value, (1 - h**2) @ c, rtol=1e-13)
        np.testing.assert_allclose(grads["x"], delta @ NETWORK["W1"], rtol=1e-12)
        np.testing.assert_allclose(grads["theta"]["W2"], NETWORK["W1"].T @ np.diag(bar @ (1 - h**2)), rtol=1e-12)

    def test_the_flux_through_a_box(self):
        """Gauss: the integral of the divergence over a square is the flux of s through its sides, in the network's own
        value. Kills: any factor, and a trace of anything but the Jacobian of s."""
        nodes, weights = np.polynomial.legendre.leggauss(24)
        grid = np.array(list(product(nodes, nodes)))
        inner = np.outer(weights, weights).ravel() @ jacobian_trace(grid, NETWORK, score="mlp_tanh")

        def s(x):
            return np.tanh(x @ NETWORK["W1"].T + NETWORK["b1"]) @ NETWORK["W2"].T + NETWORK["b2"]

        flux = 0.0
        for axis in (0, 1):
            for side in (1.0, -1.0):
                wall = np.insert(nodes[:, None], axis, side, axis=1)
                flux += side * weights @ s(wall)[:, axis]
        np.testing.assert_allclose(inner, flux, rtol=1e-12)


class TestLaws:
    def test_the_mean_over_all_signs_is_the_trace(self):
        """As one call with 16 probes and as 16 examples of one. Kills: a sum or no mean over the probes, a mean
        over D, one probe for all examples, probes of another variance, 1ᵀ J 1."""
        x = np.array([[0.3, -1.0, 2.0, 0.5]])
        together = hutchinson_trace(x, SIGNS[None], LINEAR, score="linear")
        np.testing.assert_allclose(together, [np.trace(A)], rtol=1e-14)
        each = hutchinson_trace(np.repeat(x, 16, axis=0), SIGNS[:, None], LINEAR, score="linear")
        np.testing.assert_allclose(np.mean(each), np.trace(A), rtol=1e-14)

    def test_the_variance_of_a_sign_probe(self):
        """2(‖S‖² − Σ S_ii²), S = (A + Aᵀ)/2, by enumeration. Kills: vᵀ diag(A) v, which is exact for every sign,
        and ‖Av‖² with the right mean for an orthogonal A."""
        each = hutchinson_trace(np.zeros((16, 4)), SIGNS[:, None], LINEAR, score="linear")
        symmetric = (A + A.T) / 2
        want = 2 * (np.sum(symmetric**2) - np.sum(np.diag(symmetric) ** 2))
        np.testing.assert_allclose(np.mean((each - np.trace(A)) ** 2), want, rtol=1e-13)

    def test_axes_of_length_root_d(self):
        """√D e_i for every axis have Σ vvᵀ/R = I: the exact trace of any Jacobian. Kills: v/‖v‖, a missing v."""
        axes = 2.0 * np.eye(4)[None]
        value, pullback = hutchinson_trace.vjp(np.ones((1, 4)), axes, LINEAR, score="linear")
        np.testing.assert_allclose(value, [np.trace(A)], rtol=1e-15)
        np.testing.assert_allclose(pullback(np.ones(1))["theta"]["A"], np.eye(4), atol=1e-15)

    def test_the_gradient_of_a_linear_field_is_the_mean_outer_product(self, rng):
        """∂(vᵀ A v)/∂A = vvᵀ, and none for b and x. Kills: A's gradient symmetrised or halved, a gradient for b."""
        probe, bar = rng.normal(size=(3, 2, 4)), rng.normal(size=3)
        _, pullback = hutchinson_trace.vjp(rng.normal(size=(3, 4)), probe, LINEAR, score="linear")
        grads = pullback(bar)
        want = sum(bar[b] * np.outer(v, v) / 2 for b in range(3) for v in probe[b])
        np.testing.assert_allclose(grads["theta"]["A"], want, rtol=1e-13)
        assert not np.any(grads["x"]) and not np.any(grads["theta"]["b"])

    @pytest.mark.parametrize("law", ["signs", "two points"])
    def test_a_network_on_average(self, law):
        """tr = Σ_j φ'(u_j) (W₁W₂)_jj of one hidden layer, x_bar and b_bar₁ from φ''. In D = 2 all four signs, or the
        cubature ±√2 e_i. Kills: φ in place of φ', φ'' left out, the gradient of the first probe alone."""
        x = np.array([[0.4, -0.9], [1.3, 0.2], [-0.6, 0.7]])
        signs = np.array(list(product((-1.0, 1.0), repeat=2)))
        probe = signs if law == "signs" else np.sqrt(2) * np.concatenate([np.eye(2), -np.eye(2)])
        probe = np.repeat(probe[None], 3, axis=0)
        value, pullback = hutchinson_trace.vjp(x, probe, NETWORK, score="mlp_tanh")
        u = x @ NETWORK["W1"].T + NETWORK["b1"]
        h, c = np.tanh(u), np.diag(NETWORK["W1"] @ NETWORK["W2"])
        np.testing.assert_allclose(value, (1 - h**2) @ c, rtol=1e-13)
        bar = np.array([0.7, -1.2, 0.4])
        grads, delta = pullback(bar), bar[:, None] * -2 * h * (1 - h**2) * c
        np.testing.assert_allclose(grads["x"], delta @ NETWORK["W1"], rtol=1e-12)
        np.testing.assert_allclose(grads["theta"]["b1"], np.sum(delta, axis=0), rtol=1e-12)
        want = np.diag(bar @ (1 - h**2)) @ NETWORK["W2"].T + delta.T @ x
        np.testing.assert_allclose(grads["theta"]["W1"], want, rtol=1e-12)
