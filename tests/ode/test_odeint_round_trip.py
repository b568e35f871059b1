"""A solve that is run backwards: the order of the way there and back, and flows that no solve inverts."""

import numpy as np
import pytest

from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint


def of_state(name, f):
    """A velocity that depends on the state alone, of which no gradient is asked."""

    def vjp(z, t, theta):
        def pullback(f_bar, wrt=("z", "t", "theta")):
            raise NotImplementedError

        return f(z), pullback

    return Field(name, ("z", "t"), lambda z, t, theta: f(z), vjp)


sine = of_state("sin z + ½", lambda z: np.sin(z) + 0.5)
root = of_state("√|z|", lambda z: np.sqrt(np.abs(z)))
steep = of_state("−k z", lambda z: -3.0 * z)
Z0 = np.array([[0.3, -1.2, 2.0]])


def solved(velocity, z, t0, t1, method, steps):
    return odeint(z, t0, t1, {"none": np.zeros(())}, velocity=velocity, method=method, steps=steps)


class TestLaws:
    @pytest.mark.parametrize(
        "method, order, steps", [("euler", 1, 32), ("heun", 3, 32), ("midpoint", 3, 32), ("rk4", 5, 8)])
    def test_there_and_back_is_one_order_better_for_methods_of_even_order(self, method, order, steps):
        """N steps to t = 1 and N back. The errors C h^{p+1} and C (−h)^{p+1} of a step and of the step back add up for
        odd p and cancel for even p: order 1 for Euler, 3 for Heun and the midpoint, 5 for RK4. Kills: a step back that
        is the inverse of the step (no error at all), a sign of h that is not everywhere."""
        errors = []
        for n in (steps, 2 * steps, 4 * steps):
            end = solved(sine, Z0, 0.0, 1.0, method, n)
            errors.append(np.max(np.abs(solved(sine, end, 1.0, 0.0, method, n) - Z0)))
        np.testing.assert_allclose(np.log2(errors[1] / errors[2]), order, atol=0.15)
        assert errors[2] > 1e-13

    @pytest.mark.parametrize("steps, kept", [(2, False), (3, False), (4, True)])
    def test_euler_keeps_the_order_where_the_step_is_short(self, steps, kept):
        """z_dot = −3z over a time of one: the map is (1 − 3/N)^N z, which for h Lip(f) ≥ 1 turns over or falls
        together, and is one-to-one for h Lip(f) < 1. Kills: a step that is silently made shorter, an implicit step."""
        end = solved(steep, np.array([[-1.0, 0.5, 2.0]]), 0.0, 1.0, "euler", steps)[0]
        np.testing.assert_allclose(end, (1 - 3 / steps) ** steps * np.array([-1.0, 0.5, 2.0]), atol=1e-15)
        flow = solved(steep, np.array([[-1.0, 0.5, 2.0]]), 0.0, 1 / steps, "euler", 1)[0]
        assert bool(np.all(np.diff(flow) > 0)) == kept

    @pytest.mark.parametrize("method", ["euler", "heun", "midpoint", "rk4"])
    def test_two_trajectories_that_meet_are_not_told_apart(self, method):
        """z_dot = √|z| has no Lipschitz constant at 0, where z = 0 and z = t²/4 both start: from 0 every method stays,
        from 1e-12 it leaves, and comes to t²/4 = 1 at t = 2. No method tells which of the two was meant. Kills: a
        theorem of uniqueness where there is none, steps that are kicked off zero."""
        assert not np.any(solved(root, np.zeros((1, 1)), 0.0, 2.0, method, 50))
        left = solved(root, np.full((1, 1), 1e-12), 0.0, 2.0, method, 800)
        np.testing.assert_allclose(left, 1, atol=0.02 if method == "euler" else 4e-3)
