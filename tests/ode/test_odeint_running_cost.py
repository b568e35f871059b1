"""Integrals along a solution."""

import numpy as np
import pytest

from refdgm.nets.field import VELOCITIES
from refdgm.ode.odeint_running_cost import odeint_running_cost, with_cost
from refdgm.ode.tableau import TABLEAUS

from ..kit import verify
from ..kit.orders import observed
from .fields import power_of_time

TestOdeintRunningCost = verify(odeint_running_cost)

every_method = pytest.mark.parametrize("method", TABLEAUS)
every_cost = pytest.mark.parametrize("cost", ["kinetic", "state"])
every_direction = pytest.mark.parametrize("span", [(0.25, 1.5), (1.0, -0.5)], ids=["forwards", "backwards"])


def growth(a):
    """θ of z_dot = a z in one dimension."""
    return {"A": np.array([[a]]), "b": np.zeros(1)}


class TestLaws:
    @every_method
    @every_direction
    def test_a_constant_velocity(self, method, span):
        """z_dot = b has the kinetic cost ½‖b‖²T in any number of steps, T signed; b_bar = T b, t_bar₁ = ½‖b‖² =
        −t_bar₀, z_bar₀ = 0.

        Kills: no half, a mean over components or over time, |h|, the cost's own part of h_bar left out.
        """
        b, time = np.array([0.5, -2.0, 1.5]), span[1] - span[0]
        theta = {"A": np.zeros((3, 3)), "b": b}
        for steps in (1, 3):
            value, pullback = odeint_running_cost.vjp(
                np.ones((2, 3)), *span, theta, velocity="linear", cost="kinetic", method=method, steps=steps
            )
            np.testing.assert_allclose(value.z1, np.ones((2, 3)) + time * b, rtol=1e-14)
            np.testing.assert_allclose(value.cost, np.full(2, 3.25 * time), rtol=1e-14)
            grads = pullback(cost_bar=np.array([1.0, 0.5]))
            np.testing.assert_allclose(grads["theta"]["b"], 1.5 * time * b, rtol=1e-14)
            np.testing.assert_allclose([grads["t0"], grads["t1"]], [-1.5 * 3.25, 1.5 * 3.25], rtol=1e-13)
            assert not np.any(grads["z0"])

    @every_method
    @every_direction
    def test_the_cost_is_the_action_of_a_line_at_least(self, rng, method, span):
        """½ ∫‖z_dot‖² ≥ ‖z₁ − z₀‖²/2T (Jensen), for the sums of the solver too, whose weights are those of a mean.

        Kills: weights of the cost that are not those of the state.
        """
        time, z0 = span[1] - span[0], rng.normal(size=(40, 2))
        theta = {"W1": rng.normal(size=(5, 3)), "b1": rng.normal(size=5),
                 "W2": rng.normal(size=(2, 5)), "b2": rng.normal(size=2)}
        z1, cost = odeint_running_cost(
            z0, *span, theta, velocity="mlp_tanh", cost="kinetic", method=method, steps=2
        )
        least = np.sum((z1 - z0) ** 2, axis=1) / (2 * time)
        assert np.all(np.sign(time) * (cost - least) >= -1e-12) and np.max(np.abs(cost / least - 1)) > 1e-3

    @every_cost
    def test_steps_of_euler_by_hand(self, cost):
        """z_dot = a z, h = ¼, four steps: z_n = (1 + a/4)ⁿ z₀ and ℓ = ½ κ h Σ z_n², κ = 1 or a².

        Kills: the trapezium or the right rectangles for Euler's own sum, a cost of the last step alone.
        """
        a, z0, n = 0.8, 1.5, np.arange(4)
        grown = (1 + a / 4) ** n
        factor, slope = (1.0, 0.0) if cost == "state" else (a**2, 2 * a)
        half_sum, by_rate = np.sum(grown**2) / 8, np.sum(grown * n * (1 + a / 4) ** (n - 1) / 4) / 4
        value, pullback = odeint_running_cost.vjp(
            np.array([[z0]]), 0.0, 1.0, growth(a), velocity="linear", cost=cost, method="euler", steps=4
        )
        grads = pullback(cost_bar=np.ones(1))
        np.testing.assert_allclose(value.cost, [factor * half_sum * z0**2], rtol=1e-14)
        np.testing.assert_allclose(grads["z0"], [[2 * factor * half_sum * z0]], rtol=1e-14)
        want = (slope * half_sum + factor * by_rate) * z0**2
        np.testing.assert_allclose(grads["theta"]["A"], [[want]], rtol=1e-13)

    @every_method
    @every_cost
    @every_direction
    def test_order_towards_an_exponential(self, method, cost, span):
        """z_dot = a z: ℓ = κ z₀² (e^{2aT} − 1)/4a, t_bar₁ = κ z₁²/2 = −t_bar₀, with the order of the method.

        All gradients of ⟨λ, z₁⟩ + c ℓ. Kills: a cost of order one under a better method, either path left out.
        """
        a, z0, lam, c, time = -0.7, 1.25, 0.5, 1.5, span[1] - span[0]
        kappa, slope = (1.0, 0.0) if cost == "state" else (a**2, 2 * a)
        e1, e2 = np.exp(a * time), np.exp(2 * a * time)
        integral, by_rate = (e2 - 1) / (4 * a), (2 * a * time * e2 - e2 + 1) / (4 * a**2)
        end = lam * a * z0 * e1 + c * kappa * z0**2 * e2 / 2  # the flow's t_bar₁; autonomous: t_bar₀ = −t_bar₁
        want = np.array([z0 * e1, kappa * z0**2 * integral, lam * e1 + 2 * c * kappa * z0 * integral,
                         lam * time * z0 * e1 + c * (slope * integral + kappa * by_rate) * z0**2, end, -end])

        def error(steps):
            value, pullback = odeint_running_cost.vjp(
                np.array([[z0]]), *span, growth(a), velocity="linear", cost=cost, method=method, steps=steps
            )
            g = pullback(np.array([[lam]]), np.array([c]))
            got = [value.z1, value.cost, g["z0"], g["theta"]["A"], g["t1"], g["t0"]]
            return np.max(np.abs(np.array([x.item() for x in got]) - want))

        order = observed(error, steps=(32, 64))[-1]
        np.testing.assert_allclose(order, TABLEAUS[method].order, atol=0.25)

    @every_direction
    def test_a_velocity_of_time_alone(self, span):
        """z_dot = c t has the kinetic cost D c²(t₁³ − t₀³)/6, for which Simpson's rule is exact; t_bar = ±D c² t²/2.

        Kills: r at the times of other stages, t_bar without r's own.
        """
        t0, t1 = span
        value, pullback = odeint_running_cost.vjp(
            np.zeros((1, 2)), t0, t1, {"scale": np.array(1.5)}, velocity=power_of_time(1), cost="kinetic",
            method="rk4", steps=3,
        )
        grads = pullback(cost_bar=np.ones(1))
        np.testing.assert_allclose(value.cost, [1.5**2 * (t1**3 - t0**3) / 3], rtol=1e-13)
        np.testing.assert_allclose([grads["t0"], grads["t1"]], [-(1.5**2) * t0**2, 1.5**2 * t1**2], rtol=1e-12)
        np.testing.assert_allclose(grads["theta"]["scale"], 2 * 1.5 * (t1**3 - t0**3) / 3, rtol=1e-13)

    def test_a_rotation_keeps_both_costs(self):
        """z_dot = J z with J a quarter turn: ‖z_dot‖ = ‖z‖ = ‖z₀‖, both costs are ½‖z₀‖²T, and z_bar₀ = T z₀.

        Kills: a component left out of the sum, the cost of another example.
        """
        theta = {"A": np.array([[0.0, -1.0], [1.0, 0.0]]), "b": np.zeros(2)}
        z0 = np.array([[1.0, 0.5], [-0.3, 2.0]])
        for cost in ("kinetic", "state"):
            value, pullback = odeint_running_cost.vjp(
                z0, 0.0, 3.0, theta, velocity="linear", cost=cost, method="rk4", steps=200
            )
            np.testing.assert_allclose(value.cost, 1.5 * np.sum(z0**2, axis=1), rtol=1e-8)
            np.testing.assert_allclose(pullback(cost_bar=np.ones(2))["z0"], 3 * z0, rtol=1e-7)


@every_cost
def test_a_field_with_its_cost_is_a_field(cost):
    """All of its functions. Kills: a value that is a pullback."""
    with_cost(VELOCITIES["linear"], cost).validate(np.ones((2, 3)), np.asarray(0.5), {
        "A": np.ones((2, 2)), "b": np.zeros(2)})
