"""The continuous adjoint of the log-density, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.flow.cnf_log_density import cnf_log_density
from refdgm.flow.cnf_log_density_adjoint import cnf_log_density_adjoint
from refdgm.ode.odeint import odeint
from refdgm.ode.tableau import TABLEAUS


@rewrite(cnf_log_density_adjoint)
def as_one_flat_state(
    x: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """State, adjoint and all parameter gradients in one flat vector from the base to the data, the log-density
    left out of it: its adjoint is −p_bar at all times."""
    value, _ = cnf_log_density.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    z0 = odeint.body(x, t1, t0, theta, velocity=velocity, method=method, steps=steps)[0]
    axes, table, size = np.repeat(np.eye(x.shape[1])[None], len(x), axis=0), TABLEAUS[method], x.size

    def pullback(bar: Any) -> dict[str, Any]:
        def rates(t: Any, state: Any) -> Any:
            z, a = state[:size].reshape(x.shape), state[size : 2 * size].reshape(x.shape)
            (f, f_dot), right = velocity.jvp(z, axes, t, theta)
            g = right(-a, -bar[:, None, None] * axes)
            rest = [g["theta"][name].ravel() for name in theta]
            return np.concatenate([f.ravel(), g["z"].ravel(), *rest]), np.vdot(a, f) + np.sum(
                bar * np.einsum("bii->b", np.broadcast_to(f_dot, axes.shape))
            )

        parameters = sum(entry.size for entry in theta.values())
        state, h = np.concatenate([z0.ravel(), (-bar[:, None] * z0).ravel(), np.zeros(parameters)]), (t1 - t0) / steps
        t0_bar = rates(t0, state)[1]
        for n in range(steps):
            slopes: list[Any] = []
            for row, c in zip(table.a, table.c, strict=True):
                inner = state + sum((h * float(q) * k for q, k in zip(row, slopes, strict=True)), 0 * state)
                slopes.append(rates(t0 + (n + float(c)) * h, inner)[0])
            state = state + h * sum(float(b) * k for b, k in zip(table.b, slopes, strict=True))
        theta_bar, at = {}, 2 * size
        for name, entry in theta.items():
            theta_bar[name] = state[at : at + entry.size].reshape(entry.shape)
            at += entry.size
        return {"x": state[size : 2 * size].reshape(x.shape), "t0": t0_bar, "t1": -rates(t1, state)[1],
                "theta": theta_bar}

    return value, pullback
