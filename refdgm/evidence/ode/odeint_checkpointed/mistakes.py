"""Mistakes in a checkpointed solve: what is taken again is not what was taken."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.stepping import one_step, single
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field, Pullback
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_checkpointed import odeint_checkpointed
from refdgm.ode.step import equal_steps
from refdgm.ode.tableau import TABLEAUS

Theta = dict[str, Array]


def checkpointed(
    z0: Array, t0: Array, t1: Array, theta: Theta, velocity: Field, method: str, steps: int,
    late_state: bool = False, first_state: bool = False, backwards: bool = False, late_time: bool = False,
    time_held: bool = False, again_by: str = "", all_steps: bool = True, last_bar: bool = False,
) -> Any:
    """As `odeint_checkpointed`, with the step on the way back taken from another state, at another time, by
    another method, or its gradient dropped."""
    xp = namespace(z0)
    table, second = TABLEAUS[method], TABLEAUS[again_by or method]
    h = (t1 - t0) / steps
    states = [z0]
    for n in range(steps):
        states.append(one_step(table, velocity, states[-1], t0 + n * h, h, theta)[0])

    def pullback(bar: Array) -> dict[str, Any]:
        z_bar, t0_bar, t1_bar, z = bar, xp.zeros_like(t0), xp.zeros_like(t1), states[-1]
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        for n in range(steps - 1, -1, -1):
            t = t0 + (n + 1 if late_time else 0 if time_held else n) * h
            if backwards:
                z = one_step(table, velocity, z, t0 + (n + 1) * h, -h, theta)[0]
            else:
                z = states[n + 1 if late_state else 0 if first_state else n]
            g = one_step(second, velocity, z, t, h, theta)[1](bar if last_bar else z_bar)
            z_bar, reach = g["z"], (g["h"] + n * g["t"]) / steps
            t0_bar, t1_bar = t0_bar + g["t"] - reach, t1_bar + reach
            if all_steps or n == 0:
                theta_bar = {name: theta_bar[name] + entry for name, entry in g["theta"].items()}
        return {"z0": z_bar, "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    return states[-1], pullback


# Wrong equations, rightly differentiated


@mistake(odeint_checkpointed)
def one_segment_too_many(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """N + 1 steps of (t₁ − t₀)/(N + 1): N states between them."""
    return odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps + 1)


@mistake(odeint_checkpointed)
def euler_between_states(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Every method is Euler's, there and back; right for euler."""
    return odeint.body(z0, t0, t1, theta, velocity=velocity, method="euler", steps=steps)


# The value is right, its gradient is not


@mistake(odeint_checkpointed, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def step_from_where_it_ended(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The step is taken again from z_{n+1}: the state is kept after the step, not before it."""
    return checkpointed(z0, t0, t1, theta, velocity, method, steps, late_state=True)


@mistake(odeint_checkpointed, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def step_from_the_start(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Every step is taken again from z₀, the one state that was kept; right for one step."""
    return checkpointed(z0, t0, t1, theta, velocity, method, steps, first_state=True)


@mistake(odeint_checkpointed, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def states_found_backwards(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """States are not kept but found by steps of −h from z₁: an explicit step is not undone by the step back."""
    return checkpointed(z0, t0, t1, theta, velocity, method, steps, backwards=True)


@mistake(odeint_checkpointed, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def step_a_step_late(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The step is taken again at t_{n+1}; right for a field without time."""
    return checkpointed(z0, t0, t1, theta, velocity, method, steps, late_time=True)


@mistake(odeint_checkpointed, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def steps_all_at_the_start(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """All steps are taken again at t₀: the time was not kept; right for a field without time or one step."""
    return checkpointed(z0, t0, t1, theta, velocity, method, steps, time_held=True)


@mistake(odeint_checkpointed, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def euler_on_the_way_back(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The step is taken again, and pulled back, by Euler's method; right for euler."""
    return checkpointed(z0, t0, t1, theta, velocity, method, steps, again_by="euler")


@mistake(odeint_checkpointed, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def segments_not_chained(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Every step is pulled back with z_bar₁, not with the cotangent of its own end; right for one step."""
    return checkpointed(z0, t0, t1, theta, velocity, method, steps, last_bar=True)


@mistake(odeint_checkpointed, "gradient.theta")
def parameters_of_the_first_segment(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar is overwritten by every step on the way back, so that the first step's is left; right for one step."""
    return checkpointed(z0, t0, t1, theta, velocity, method, steps, all_steps=False)


@mistake(odeint_checkpointed, "gradient.t0", "gradient.t1")
def times_not_tracked(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The end points receive no gradient: they went into the steps that are taken again as plain numbers."""
    z1, right = odeint_checkpointed.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": 0 * g["t0"], "t1": 0 * g["t1"]}


GRADIENTS = ("gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")


# --- planted by people who had not seen the cases, or after public code ---------------------------


def recomputed(
    z0: Array, t0: Array, t1: Array, theta: Theta, velocity: Field, method: str, steps: int
) -> tuple[list[Array], Callable[[int, Array], Pullback]]:
    """z₀, …, z_N, and the pullback of step n taken again from a state."""
    h, states = (t1 - t0) / steps, [z0]
    for n in range(steps):
        states.append(one_step(TABLEAUS[method], velocity, states[-1], t0 + n * h, h, theta)[0])
    return states, lambda n, z: one_step(TABLEAUS[method], velocity, z, t0 + n * h, h, theta)[1]


@mistake(odeint_checkpointed, "value", blind=True)
def last_kept_state_returned(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The last state that was kept is returned, z_{N−1} and not z_N, with the gradient of z_N."""
    states, again = recomputed(z0, t0, t1, theta, velocity, method, steps)
    return states[-2], equal_steps(lambda n: again(n, states[n]), steps, t0)


@mistake(odeint_checkpointed, *GRADIENTS, blind=True)
def states_kept_in_single_precision(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The states are kept in float32, so that a step in float64 is taken again from a rounded state."""
    states, again = recomputed(z0, t0, t1, theta, velocity, method, steps)
    return states[-1], equal_steps(lambda n: again(n, single(states[n], z0)), steps, t0)


@mistake(odeint_checkpointed, *GRADIENTS, blind=True)
def states_interpolated(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Every second state is kept, and the one between two is taken for their mean."""
    states, again = recomputed(z0, t0, t1, theta, velocity, method, steps)

    def step(n: int) -> Pullback:
        return again(n, (states[n - 1] + states[n + 1]) / 2 if n % 2 else states[n])

    return states[-1], equal_steps(step, steps, t0)


@mistake(odeint_checkpointed, "gradient.t0", blind=True)
def start_time_of_the_first_step(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₀ contains t_bar_n of the first step where the sum over all steps belongs."""
    states, again = recomputed(z0, t0, t1, theta, velocity, method, steps)

    def pullback(bar: Array) -> dict[str, Any]:
        seen: dict[int, Array] = {}

        def step(n: int) -> Pullback:
            def watched(z_bar: Array, wrt: tuple[str, ...]) -> dict[str, Any]:
                g = again(n, states[n])(z_bar, wrt=wrt)
                seen[n] = g["t"]
                return g

            return watched

        g = equal_steps(step, steps, t0)(bar)
        return g | {"t0": seen[0] - g["t1"]}

    return states[-1], pullback
