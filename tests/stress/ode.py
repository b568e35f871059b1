"""Solvers: no time, time backwards, no steps."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.cases import options_grid

from ..refusal import refused
from .rows import drawn, row

SOLVERS = ("odeint", "odeint_checkpointed", "odeint_adjoint", "odeint_running_cost")
NO_TIME = "it returns no state at another time"


def state(ref, value):
    """z(t₁): the first output."""
    return value if len(ref.result) == 1 else value[0]


@row("no time", "t₁ = t₀ is the identity, for value and cotangent", SOLVERS, NO_TIME)
def no_time(ref):
    for options in options_grid(ref):
        arguments, options, bars = drawn(ref, options=options)
        arguments["t1"] = arguments["t0"]
        value, pullback = ref.vjp(*arguments.values(), **options)
        grads = pullback(*bars)
        np.testing.assert_array_equal(state(ref, value), arguments["z0"])
        if len(ref.result) > 1:
            assert not np.any(value.cost)
        np.testing.assert_array_equal(grads["z0"], bars[0])
        assert not any(np.any(x) for x in grads["theta"].values())
        assert grads["t0"] == pytest.approx(-grads["t1"], rel=1e-12)


@row("backwards", "time reversed: there and back again", SOLVERS, NO_TIME)
def backwards(ref):
    for velocity in ref.args["velocity"].known:
        arguments, options, _ = drawn(ref, options={"velocity": velocity, "method": "rk4", "steps": 64})
        z0, _, _, theta = arguments.values()
        there = ref(z0, -0.25, 0.25, theta, **options)
        back = ref(state(ref, there), 0.25, -0.25, theta, **options)
        np.testing.assert_allclose(state(ref, back), z0, rtol=1e-6, atol=1e-6)
        if len(ref.result) > 1:  # what was spent is earned again
            np.testing.assert_allclose(back.cost, -there.cost, rtol=1e-6, atol=1e-6)


@row("no steps", "fewer than one step is refused: the identity is t₁ = t₀", SOLVERS, NO_TIME)
def no_steps(ref):
    arguments, options, _ = drawn(ref)
    for steps in (0, -1):
        refused(ref, ArgumentError, "steps must be a whole number of at least 1", *arguments.values(),
                **options | {"steps": steps})


@row("standing grid", "equal neighbours and grids of one point are no step; a NaN in the grid is refused",
     ("dopri5_steps",), "it takes no grid")
def standing_grid(ref):
    arguments, options, bars = drawn(ref, sizes={"T": 2})
    z0, _, theta = arguments.values()
    for times in (np.array([0.5]), np.array([0.5, 0.5])):
        value, pullback = ref.vjp(z0, times, theta, **options)
        grads = pullback(*bars)
        np.testing.assert_array_equal(value, z0)
        np.testing.assert_array_equal(grads["z0"], bars[0])
        assert value is not z0 and not any(np.any(x) for x in grads["theta"].values())
    for wrong in (np.nan, np.inf):
        refused(ref, ArgumentError, "times must be finite and never NaN", z0, np.array([0.0, wrong]), theta, **options)


@row("there and back", "a grid that returns to its start returns to its state", ("dopri5_steps",), "it takes no grid")
def there_and_back(ref):
    for velocity in ref.args["velocity"].known:
        arguments, options, _ = drawn(ref, options={"velocity": velocity})
        times = np.concatenate([np.linspace(-0.25, 0.25, 33), np.linspace(0.25, -0.25, 33)])
        value = ref(arguments["z0"], times, arguments["theta"], **options)
        np.testing.assert_allclose(value, arguments["z0"], rtol=1e-8, atol=1e-8)


@row("large states", "costs of states of 1e150 are finite; an example that overflows stays alone",
     ("odeint_running_cost",), "it integrates no cost")
def large_states(ref):
    theta = {"A": np.array([[-1.0, 0.5], [0.0, -1.0]]), "b": np.zeros(2)}
    z0 = np.array([[1e150, -1e150], [1.0, 2.0], [1e200, 1.0]])
    for cost in ("kinetic", "state"):
        with np.errstate(over="ignore"):
            value, pullback = ref.vjp(z0, 0.0, 0.5, theta, velocity="linear", cost=cost, method="rk4", steps=2)
        assert np.all(np.isfinite(value.z1)) and list(np.isfinite(value.cost)) == [True, True, False]
        with np.errstate(invalid="ignore"):  # of the sums over the batch, which it spoils
            grads = pullback(cost_bar=np.array([1.0, 1.0, 0.0]))
        assert np.all(np.isfinite(grads["z0"]))
        small = ref(z0[1:2], 0.0, 0.5, theta, velocity="linear", cost=cost, method="rk4", steps=2)
        np.testing.assert_array_equal(value.cost[1:2], small.cost)
