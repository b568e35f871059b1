"""Fixed-step Runge–Kutta solves and their exact adjoint."""

from math import factorial

import numpy as np
import pytest
from scipy.linalg import expm

from refdgm.nets.field import VELOCITIES
from refdgm.ode.odeint import odeint
from refdgm.ode.step import runge_kutta_step, step_of
from refdgm.ode.tableau import TABLEAUS

from ..kit import verify
from ..kit.orders import observed
from .fields import power_of_time

TestOdeint = verify(odeint)

ORDERS = {"euler": 1, "heun": 2, "midpoint": 2, "rk4": 4}
every_method = pytest.mark.parametrize("method", ORDERS)
A = np.array([[-0.4, 1.1], [-0.9, 0.2]])
AFFINE = {"A": A, "b": np.array([0.3, -0.5])}
UNSHIFTED = {"A": A, "b": np.zeros(2)}
Z0 = np.array([[1.0, 0.5], [-0.3, 0.8], [0.2, -1.1]])


def quadrature(k, method, t0, t1, steps=1):
    theta = {"scale": np.array(1.0)}
    return odeint.vjp(np.zeros((1, 1)), t0, t1, theta, velocity=power_of_time(k), method=method, steps=steps)


def sine_flow(z0, theta, time):
    """z_dot = θ sin z has tan(z(t)/2) = tan(z₀/2) e^{θt}; with dz/dz₀ = sin z/sin z₀ and dz/dθ = t sin z."""
    z = 2 * np.arctan(np.tan(z0 / 2) * np.exp(theta * time))
    return z, np.sin(z) / np.sin(z0), time * np.sin(z)


class TestLaws:
    @every_method
    @pytest.mark.parametrize("span", [(0.0, 0.8), (1.0, -0.5)], ids=["forwards", "backwards"])
    def test_amplification_of_a_linear_equation(self, method, span):
        """One step is Σ_{k ≤ order} (hA)ᵏ/k!. Kills: weights or nodes that cost an order, h with the sign lost."""
        steps = 3
        hA = (span[1] - span[0]) / steps * A
        step = sum(np.linalg.matrix_power(hA, k) / factorial(k) for k in range(ORDERS[method] + 1))
        want = Z0 @ np.linalg.matrix_power(step, steps).T
        z1 = odeint(Z0, *span, UNSHIFTED, velocity="linear", method=method, steps=steps)
        np.testing.assert_allclose(z1, want, rtol=1e-13)

    @every_method
    def test_order_towards_the_matrix_exponential(self, method):
        """z_dot = A z + b: the exponential of A with b in the corner of a larger matrix. Kills: b left out of a
        stage, the wrong number of steps."""
        corner = np.zeros((3, 3))
        corner[:2, :2], corner[:2, 2] = A, AFFINE["b"]
        want = np.concatenate([Z0, np.ones((3, 1))], axis=1) @ expm(1.5 * corner).T[:, :2]

        def error(steps):
            return np.max(np.abs(odeint(Z0, 0.5, 2.0, AFFINE, velocity="linear", method=method, steps=steps) - want))

        np.testing.assert_allclose(observed(error), ORDERS[method], atol=0.25)

    def test_stages_are_where_the_methods_put_them(self):
        """On f = tᵏ Euler is the left rectangle, Heun the trapezium, midpoint its own rule, RK4 is Simpson.

        Kills: the midpoint rule and Heun's exchanged (¼ and ½ on t²), the 3/8 rule for the classical RK4 (11/54),
        all stages at t_n.
        """
        assert quadrature(1, "euler", 0.0, 1.0)[0] == 0
        assert quadrature(2, "heun", 0.0, 1.0)[0] == 1 / 2
        assert quadrature(2, "midpoint", 0.0, 1.0)[0] == 1 / 4
        np.testing.assert_allclose(quadrature(4, "rk4", 0.0, 1.0)[0], 5 / 24, rtol=1e-15)

    @pytest.mark.parametrize("span", [(0.5, 2.0), (2.0, -1.0)], ids=["forwards", "backwards"])
    def test_times_of_a_quadrature(self, span):
        """Simpson is exact for t³: z₁ = (t₁⁴ − t₀⁴)/4, so t_bar₁ = t₁³, t_bar₀ = −t₀³, in any number of steps.

        Kills: t_bar without the moving nodes (the n t_bar_n or c_i τ_i term), t_bar₀ with the wrong sign, |h|.
        """
        for steps in (1, 4):
            value, pullback = quadrature(3, "rk4", *span, steps=steps)
            grads = pullback(np.ones((1, 1)))
            np.testing.assert_allclose(value, [[(span[1] ** 4 - span[0] ** 4) / 4]], rtol=1e-13)
            np.testing.assert_allclose([grads["t0"], grads["t1"]], [-span[0] ** 3, span[1] ** 3], rtol=1e-12)
            np.testing.assert_allclose(grads["theta"]["scale"], value[0, 0], rtol=1e-12)

    @every_method
    def test_order_of_the_flow_of_a_sine_and_of_its_gradients(self, method):
        """Value, z_bar₀, θ_bar and t_bar₁ = f(z₁), t_bar₀ = −f(z₀)·dz₁/dz₀. Kills: θ_bar of the last step only, k_bar
        without h."""
        z0, rate, bar = np.array([[0.4, 1.9]]), np.array([0.9, -0.6]), np.array([[1.3, -0.7]])
        span = 2.0
        z1, slope, by_rate = sine_flow(z0, rate, span)
        want = [bar * slope, np.sum(bar * by_rate, axis=0),
                np.sum(bar * rate * np.sin(z1)), -np.sum(bar * slope * rate * np.sin(z0))]

        def errors(steps):
            value, pullback = odeint.vjp(
                z0, 0.3, 0.3 + span, {"theta": rate}, velocity="theta_sin", method=method, steps=steps
            )
            g = pullback(bar)
            got = [g["z0"], g["theta"]["theta"], g["t1"], g["t0"]]
            apart = [x - y for x, y in zip(got, want, strict=True)]
            return [np.max(np.abs(value - z1)), np.sqrt(sum(np.sum(x**2) for x in apart))]

        for n in (0, 1):  # single gradients may cross zero; all together do not
            order = observed(lambda steps, n=n: errors(steps)[n], steps=(32, 64))[-1]
            np.testing.assert_allclose(order, ORDERS[method], atol=0.25)

    def test_there_and_back(self):
        """RK4 to t₁ and back to t₀ returns to z₀. Kills: h from |t₁ − t₀|, stages that look forwards only."""
        there = odeint(Z0, 0.0, 1.0, AFFINE, velocity="linear", method="rk4", steps=50)
        back = odeint(there, 1.0, 0.0, AFFINE, velocity="linear", method="rk4", steps=50)
        np.testing.assert_allclose(back, Z0, atol=1e-9)

    @every_method
    def test_no_time_no_change(self, method):
        """t₁ = t₀ is the identity, and t_bar₁ = ⟨z_bar₁, f(z₀)⟩ = −t_bar₀. Kills: h_bar lost when h = 0."""
        bar = np.array([[1.0, -2.0], [0.5, 0.3], [0.0, 1.0]])
        z1, pullback = odeint.vjp(Z0, 0.7, 0.7, AFFINE, velocity="linear", method=method, steps=3)
        grads = pullback(bar)
        np.testing.assert_array_equal(z1, Z0)
        np.testing.assert_array_equal(grads["z0"], bar)
        rate = np.sum(bar * (Z0 @ A.T + AFFINE["b"]))
        np.testing.assert_allclose([grads["t0"], grads["t1"]], [-rate, rate], rtol=1e-13)
        assert not np.any(grads["theta"]["A"])

    @every_method
    def test_an_autonomous_solve_depends_on_the_difference_of_times(self, method):
        """t_bar₀ + t_bar₁ = 0. Kills: h_bar counted in one of them only, (1 − n/N) and n/N exchanged."""
        _, pullback = odeint.vjp(Z0, 0.2, 1.1, AFFINE, velocity="linear", method=method, steps=4)
        grads = pullback(np.ones_like(Z0))
        np.testing.assert_allclose(grads["t0"] + grads["t1"], 0, atol=1e-13)


def test_a_step_is_asked_for_one_cotangent_alone(rng):
    """Of z, t, h or θ. Kills: times that are told apart only where both are asked for."""
    theta = {"W1": rng.normal(size=(5, 3)), "b1": rng.normal(size=5), "W2": rng.normal(size=(2, 5)), "b2": np.ones(2)}
    step, unit = (step_of(TABLEAUS["rk4"], np.asarray(h)) for h in (0.25, 1.0))
    _, pullback = runge_kutta_step(
        step, unit, VELOCITIES["mlp_tanh"], rng.normal(size=(4, 2)), np.asarray(0.5), theta)
    bar = rng.normal(size=(4, 2))
    every = pullback(bar)
    for name in ("z", "t", "h"):
        assert np.any(every[name])
        np.testing.assert_array_equal(pullback(bar, wrt=(name,))[name], every[name])
    for name, x in pullback(bar, wrt=("theta",))["theta"].items():
        np.testing.assert_array_equal(x, every["theta"][name])
