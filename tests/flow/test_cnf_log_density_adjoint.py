"""The continuous adjoint of a log-density."""

import numpy as np
import pytest
from scipy.linalg import expm, expm_frechet

from refdgm.evidence.distance import distance
from refdgm.evidence.find import mistakes
from refdgm.flow.cnf_log_density import cnf_log_density
from refdgm.flow.cnf_log_density_adjoint import cnf_log_density_adjoint
from refdgm.nets.field import VELOCITIES

from ..kit import verify
from ..kit.orders import observed
from .fields import widening
from .test_cnf_log_density import LINEAR, NETWORK, ORDERS, A, X, every_method, every_span, sine

TestCnfLogDensityAdjoint = verify(cnf_log_density_adjoint)


class TestLaws:
    @every_span
    def test_a_linear_flow(self, span):
        """x_bar is the score of N(0, EEᵀ), E = e^{TA}, at the data; A_bar has −T I of the trace; t_bar₁ = −tr A − ⟨Ax,
        x_bar⟩, t_bar₀ = tr A + ⟨A z₀, −z₀⟩. Kills: an adjoint without sources, signs that hold in one direction of
        time."""
        time = span[1] - span[0]
        z0 = X @ expm(-time * A).T
        _, pullback = cnf_log_density_adjoint.vjp(X, *span, LINEAR, velocity="linear", method="rk4", steps=200)
        grads = pullback(np.ones(2))
        score = -X @ np.linalg.inv(expm(time * A) @ expm(time * A).T)
        np.testing.assert_allclose(grads["x"], score, rtol=1e-7)
        by_matrix = time * expm_frechet(-time * A.T, z0.T @ X, compute_expm=False) - 2 * time * np.eye(3)
        np.testing.assert_allclose(grads["theta"]["A"], by_matrix, rtol=1e-7)
        want = [2 * np.trace(A) - np.sum(z0 * (z0 @ A.T)), -2 * np.trace(A) - np.sum(score * (X @ A.T))]
        np.testing.assert_allclose([grads["t0"], grads["t1"]], want, rtol=1e-7)

    @every_method
    def test_order_towards_the_sine_flow(self, method):
        """x_bar and θ_bar tend to those of the flow with order 1, 2, 4. Kills: any other weight of the sources, θ_bar
        by another rule than the state."""
        x, theta, time = np.array([[0.4, 1.9], [1.1, -0.7]]), np.array([0.9, -0.6]), 1.5
        bar = np.array([1.3, -0.4])
        _, by_x, by_theta = sine(x, theta, time)
        want = [bar[:, None] * by_x, np.sum(bar[:, None] * by_theta, axis=0)]

        def errors(steps):
            _, pullback = cnf_log_density_adjoint.vjp(
                x, 0.3, 0.3 + time, {"theta": theta}, velocity="theta_sin", method=method, steps=steps
            )
            g = pullback(bar)
            return [np.sqrt(np.sum((a - b) ** 2)) for a, b in zip((g["x"], g["theta"]["theta"]), want, strict=True)]

        for n in range(2):
            order = observed(lambda steps, n=n: errors(steps)[n], steps=(64, 128))[-1]
            np.testing.assert_allclose(order, ORDERS[method], atol=0.25)

    def test_the_published_example(self):
        """Kills: (0.3089370, −0.2753270) for (−0.1458681, 0.5835949), the printed adjoint of the loss."""
        _, grads = cnf_log_density_adjoint.value_and_grad(
            np.array([[1.1]]), 0.0, 1.0, {"theta": np.array([0.8])}, velocity="theta_sin", method="rk4", steps=40
        )
        got = [-grads["x"][0, 0], -grads["theta"]["theta"][0]]
        np.testing.assert_allclose(got, [-0.1458681, 0.5835949], atol=1e-7)

    @every_span
    def test_a_velocity_that_looks_at_the_time(self, span):
        """z_dot = c t z is N(0, e^{c(t₁² − t₀²)} I) at t₁. Kills: an adjoint solved at times that run the other way."""
        t0, t1 = span
        c, d = 0.6, X.shape[1]
        inner = np.sum(X**2, axis=1) * np.exp(-c * (t1**2 - t0**2))
        _, pullback = cnf_log_density_adjoint.vjp(
            X, t0, t1, {"c": np.array(c)}, velocity=widening, method="rk4", steps=200
        )
        grads, by_width = pullback(np.ones(2)), np.sum(inner - d) / 2
        np.testing.assert_allclose(grads["x"], -X * np.exp(-c * (t1**2 - t0**2)), rtol=1e-8)
        np.testing.assert_allclose(grads["t1"], 2 * c * t1 * by_width, rtol=1e-8)
        np.testing.assert_allclose(grads["t0"], -2 * c * t0 * by_width, rtol=1e-8)
        np.testing.assert_allclose(grads["theta"]["c"], (t1**2 - t0**2) * by_width, rtol=1e-8)

    def test_it_is_not_the_discrete_adjoint(self):
        """Euler, 4 steps, z_dot = 0.8 z, T = 1: z₀ = 0.8⁴ x, and the adjoint −z₀ grows back by 0.8 in every step, since
        a_dot = −0.8 a, to x_bar = −0.8⁴ z₀; z runs back by 1.2, so that A_bar = −T − Σ h a_n z_n is not the discrete
        one, and t_bar₁ = −ρ is taken at the z that arrives. Kills: a stored trajectory, t_bar₁ at x."""
        theta = {"A": np.array([[0.8]]), "b": np.zeros(1)}
        _, pullback = cnf_log_density_adjoint.vjp(
            np.ones((1, 1)), 0.0, 1.0, theta, velocity="linear", method="euler", steps=4
        )
        grads, n = pullback(np.ones(1)), np.arange(4)
        z, a = 0.8**4 * 1.2**n, -(0.8**4) * 0.8**n
        np.testing.assert_allclose(grads["x"], [[-(0.8**8)]], rtol=1e-13)
        np.testing.assert_allclose(grads["theta"]["A"], [[-1 - np.sum(a * z) / 4]], rtol=1e-13)
        np.testing.assert_allclose(grads["t1"], -(-(0.8**8) * 0.8 * 0.8**4 * 1.2**4 + 0.8), rtol=1e-13)
        np.testing.assert_allclose(grads["t0"], -(0.8**4) * 0.8 * 0.8**4 + 0.8, rtol=1e-13)
        discrete = -1 + 0.8**7  # −T − z₀ dz₀/dA with z₀ = (1 − A/4)⁴
        assert grads["theta"]["A"][0, 0] != pytest.approx(discrete, abs=0.01)


def far_from_the_flow(body):
    """How far each gradient is from that of the flow: the discrete one of 128 steps of rk4, for a network that looks
    at the time, in a span that is not symmetric."""
    arguments = {"x": X[:, :2], "t0": np.array(-0.3), "t1": np.array(0.6), "theta": NETWORK}
    options = {"velocity": VELOCITIES["mlp_tanh"], "method": "rk4"}
    bar = np.array([0.7, -1.3])
    want = cnf_log_density.body(**arguments, **options, steps=128)[1](bar)
    got = body(**arguments, **options, steps=64)[1](bar)
    return {f"gradient.{role}": distance(got[role], want[role]) for role in want}


def test_it_tends_to_the_gradient_of_the_flow():
    """Kills: every sign, factor and source of the adjoint of a network."""
    assert max(far_from_the_flow(cnf_log_density_adjoint.body).values()) < 1e-6


@pytest.mark.parametrize(
    "wrong", [wrong for wrong in mistakes("cnf_log_density_adjoint") if "value" in wrong.hides],
    ids=lambda wrong: wrong.name,
)
def test_mistakes_tend_elsewhere(wrong):
    """Each in exactly the gradients in which it is wrong; the gradient of the solver is another number at every N, but
    the same in the limit."""
    far = far_from_the_flow(wrong.body)
    astray = set() if wrong.name.endswith("/gradient_of_the_solver") else set(wrong.reveals)
    assert {role for role, apart in far.items() if apart > 1e-3} == astray
    assert {role for role, apart in far.items() if apart < 1e-6} == set(far) - astray
