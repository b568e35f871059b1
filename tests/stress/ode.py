"""Solvers: no time, time backwards, no steps."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.testing.cases import options_grid

from ..refusal import refused
from .rows import drawn, row

SOLVERS = ("odeint", "odeint_adjoint")
NO_TIME = "it returns no state at another time"


@row("no time", "t₁ = t₀ is the identity, for value and cotangent", SOLVERS, NO_TIME)
def no_time(ref):
    for options in options_grid(ref):
        arguments, options, bars = drawn(ref, options=options)
        arguments["t1"] = arguments["t0"]
        value, pullback = ref.vjp(*arguments.values(), **options)
        grads = pullback(*bars)
        np.testing.assert_array_equal(value, arguments["z0"])
        np.testing.assert_array_equal(grads["z0"], bars[0])
        assert not any(np.any(x) for x in grads["theta"].values())
        assert grads["t0"] == pytest.approx(-grads["t1"], rel=1e-12)


@row("backwards", "time reversed: there and back again", SOLVERS, NO_TIME)
def backwards(ref):
    for velocity in ref.args["velocity"].known:
        arguments, options, _ = drawn(ref, options={"velocity": velocity, "method": "rk4", "steps": 64})
        z0, _, _, theta = arguments.values()
        there = ref(z0, -0.25, 0.25, theta, **options)
        np.testing.assert_allclose(ref(there, 0.25, -0.25, theta, **options), z0, rtol=1e-6, atol=1e-6)


@row("no steps", "fewer than one step is refused: the identity is t₁ = t₀", SOLVERS, NO_TIME)
def no_steps(ref):
    arguments, options, _ = drawn(ref)
    for steps in (0, -1):
        refused(ref, ArgumentError, "steps must be a whole number of at least 1", *arguments.values(),
                **options | {"steps": steps})
