"""The residual block, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint
from refdgm.ode.residual_block import residual_block


@rewrite(residual_block)
def euler_with_step_one(z: Any, theta: Any, *, branch: Any) -> Any:
    """One step of Euler's method from 0 to 1 by the solver, with the branch as a velocity that ignores time."""

    def vjp(z: Any, t: Any, theta: Any) -> Any:
        f, right = branch.vjp(z, theta)
        return f, lambda bar, wrt=(): (g := right(bar)) and {"z": g["x"], "t": 0 * t, "theta": g["theta"]}

    velocity = Field(branch.name, ("z", "t"), lambda z, t, theta: vjp(z, t, theta)[0], vjp)
    zero, one = np.zeros((), z.dtype), np.ones((), z.dtype)
    value, right = odeint.body(z, zero, one, theta, velocity=velocity, method="euler", steps=1)
    return value, lambda bar: {"z": (g := right(bar))["z0"], "theta": g["theta"]}
