"""The continuous adjoint of the solver, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.stepping import backwards
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.ode.tableau import TABLEAUS


@rewrite(odeint_adjoint)
def without_shared_code(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """The same equations in a loop of its own, all gradients always computed."""
    return backwards(z0, t0, t1, theta, velocity, method, steps)


@rewrite(odeint_adjoint)
def one_augmented_state(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """State, adjoint and all parameter gradients in one flat vector, as general solvers want it, with a
    negative step."""
    z1 = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)[0]
    size, table = z0.size, TABLEAUS[method]

    def slope(t: Any, state: Any) -> Any:
        z, a = state[:size].reshape(z0.shape), state[size : 2 * size].reshape(z0.shape)
        f, right = velocity.vjp(z, t, theta)
        g = right(a)
        return np.concatenate([f.ravel(), -g["z"].ravel(), *(-g["theta"][name].ravel() for name in theta)])

    def pullback(bar: Any) -> dict[str, Any]:
        parameters = sum(entry.size for entry in theta.values())
        state, h = np.concatenate([z1.ravel(), bar.ravel(), np.zeros(parameters)]), (t0 - t1) / steps
        for n in range(steps):
            slopes: list[Any] = []
            for row, c in zip(table.a, table.c, strict=True):
                inner = state + sum((h * float(q) * k for q, k in zip(row, slopes, strict=True)), 0 * state)
                slopes.append(slope(t1 + (n + float(c)) * h, inner))
            state = state + h * sum(float(b) * k for b, k in zip(table.b, slopes, strict=True))
        z, a = state[:size].reshape(z0.shape), state[size : 2 * size].reshape(z0.shape)
        theta_bar, at = {}, 2 * size
        for name, entry in theta.items():
            theta_bar[name] = state[at : at + entry.size].reshape(entry.shape)
            at += entry.size
        return {
            "z0": a,
            "t0": -np.vdot(a, velocity.value(z, t0, theta)),
            "t1": np.vdot(bar, velocity.value(z1, t1, theta)),
            "theta": theta_bar,
        }

    return z1, pullback
