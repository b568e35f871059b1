"""The continuous adjoint."""

import numpy as np
import pytest
from scipy.linalg import expm, expm_frechet

from refdgm.ode.odeint_adjoint import odeint_adjoint

from ..kit import verify
from .fields import driven

TestOdeintAdjoint = verify(odeint_adjoint)

A = np.array([[-0.4, 1.1], [-0.9, 0.2]])
THETA = {"A": A, "b": np.zeros(2)}
Z0, BAR = np.array([[1.0, 0.5]]), np.array([[0.7, -1.3]])


class TestLaws:
    @pytest.mark.parametrize("span", [(0.0, 1.2), (1.0, -0.2)], ids=["forwards", "backwards"])
    def test_the_flow_of_a_linear_equation(self, span):
        """a(t₀) = e^{TAᵀ}a₁, A_bar the Fréchet derivative of the exponential, t_bar₁ = ⟨a₁, A z₁⟩, t_bar₀ = −⟨a₀, A
        z₀⟩.

        Kills: a_dot = +Jᵀa, θ_bar with the sign of dt lost (twice wrong forwards, right backwards), t_bar₀ = +⟨a₀, f⟩.
        """
        time = span[1] - span[0]
        value, pullback = odeint_adjoint.vjp(Z0, *span, THETA, velocity="linear", method="rk4", steps=100)
        grads = pullback(BAR)
        z1 = Z0 @ expm(time * A).T
        a0 = BAR @ expm(time * A)
        by_matrix = time * expm_frechet(time * A.T, np.outer(BAR[0], Z0[0]), compute_expm=False)
        np.testing.assert_allclose(value, z1, rtol=1e-8)
        np.testing.assert_allclose(grads["z0"], a0, rtol=1e-8)
        np.testing.assert_allclose(grads["theta"]["A"], by_matrix, rtol=1e-8)
        want = [np.sum(BAR * (z1 @ A.T)), -np.sum(a0 * (Z0 @ A.T))]
        np.testing.assert_allclose([grads["t1"], grads["t0"]], want, rtol=1e-8)

    @pytest.mark.parametrize("span", [(0.5, 1.5), (1.5, 0.0)], ids=["forwards", "backwards"])
    def test_a_driven_equation(self, span):
        """z_dot = z + c t has a(t) = e^{t₁ − t}, so c_bar = ∫ t e^{t₁ − t} dt = (t₀ + 1)e^{t₁ − t₀} − (t₁ + 1).

        Kills: a backward solve at times that run forwards, which a field without time cannot show.
        """
        t0, t1 = span
        z0, c, growth = 0.8, 0.6, np.exp(t1 - t0)
        z1 = (z0 + c * (t0 + 1)) * growth - c * (t1 + 1)
        value, pullback = odeint_adjoint.vjp(
            np.array([[z0]]), t0, t1, {"scale": np.array(c)}, velocity=driven, method="rk4", steps=100
        )
        grads = pullback(np.ones((1, 1)))
        np.testing.assert_allclose(value, [[z1]], rtol=1e-8)
        np.testing.assert_allclose(grads["z0"], [[growth]], rtol=1e-8)
        np.testing.assert_allclose(grads["theta"]["scale"], (t0 + 1) * growth - (t1 + 1), rtol=1e-8)
        np.testing.assert_allclose([grads["t0"], grads["t1"]], [-growth * (z0 + c * t0), z1 + c * t1], rtol=1e-8)

    def test_it_is_not_the_discrete_adjoint(self):
        """Euler, 10 steps, z_dot = 0.8 z: the discrete gradient of z₁ by the rate is 10·0.1·1.08⁹, the adjoint's is
        Σ h a_n z_n with z_n = z₁(1 − 0.08)ⁿ, a_n = 1.08ⁿ; t_bar₀ = −0.8 a₁₀ z₁₀, where the way back arrives. Kills: a
        stored forward path, the discrete adjoint itself, t_bar₀ at z₀.
        """
        theta = {"A": np.array([[0.8]]), "b": np.zeros(1)}
        _, pullback = odeint_adjoint.vjp(np.ones((1, 1)), 0.0, 1.0, theta, velocity="linear", method="euler", steps=10)
        n = np.arange(10)
        want = np.sum(0.1 * 1.08**10 * 0.92**n * 1.08**n)
        grads = pullback(np.ones((1, 1)))
        np.testing.assert_allclose(grads["theta"]["A"], [[want]], rtol=1e-13)
        np.testing.assert_allclose(grads["t0"], -0.8 * 1.08**10 * 1.08**10 * 0.92**10, rtol=1e-13)
        np.testing.assert_allclose(grads["t1"], 0.8 * 1.08**10, rtol=1e-13)
        assert abs(want - 1.08**9) > 0.05
