"""Flows in continuous time."""

from typing import Any

import numpy as np

from refdgm import CATALOGUE
from refdgm.mistakes.stepping import runge_kutta
from refdgm.nets.field import Field
from refdgm.ode.tableau import TABLEAUS

from .rewrite import rewrite


@rewrite("jacobian_trace")
def one_axis_at_a_time(x: Any, theta: Any, *, score: Any) -> Any:
    """A tangent for every axis and its one component."""
    axes = np.eye(x.shape[1])
    found = [score.jvp(x, axes[None, i : i + 1] + 0 * x[:, None], theta) for i in range(len(axes))]

    def pullback(bar: Any) -> dict[str, Any]:
        grads = [right(0 * x, bar[:, None, None] * axes[None, i : i + 1]) for i, (_, right) in enumerate(found)]
        return {
            "x": sum(g["x"] for g in grads),
            "theta": {name: sum(g["theta"][name] for g in grads) for name in theta},
        }

    return sum(outputs[1][:, 0, i] for i, (outputs, _) in enumerate(found)), pullback


@rewrite("hutchinson_trace")
def one_probe_at_a_time(x: Any, probe: Any, theta: Any, *, score: Any) -> Any:
    """A tangent for every probe, and the mean of the products."""
    count = probe.shape[1]
    found = [score.jvp(x, probe[:, r : r + 1], theta) for r in range(count)]
    each = [np.einsum("bi,bi->b", probe[:, r], outputs[1][:, 0]) for r, (outputs, _) in enumerate(found)]

    def pullback(bar: Any) -> dict[str, Any]:
        grads = [
            right(0 * x, bar[:, None, None] * probe[:, r : r + 1] / count) for r, (_, right) in enumerate(found)
        ]
        return {
            "x": sum(g["x"] for g in grads),
            "theta": {name: sum(g["theta"][name] for g in grads) for name in theta},
        }

    return np.mean(each, axis=0), pullback


@rewrite("hutchinson_trace")
def trace_of_the_jacobian_times_the_mean_outer_product(x: Any, probe: Any, theta: Any, *, score: Any) -> Any:
    """tr(J V) with V = Σ_r v_r v_rᵀ / R and the whole Jacobian, axis by axis."""
    axes = np.repeat(np.eye(x.shape[1])[None], len(x), axis=0)
    (_, columns), right = score.jvp(x, axes, theta)  # columns[b, i] is J e_i
    outer = np.einsum("bri,brj->bij", probe, probe) / probe.shape[1]
    return np.einsum("bij,bij->b", columns, outer), lambda bar: right(0 * x, bar[:, None, None] * outer)


@rewrite("cnf_log_density")
def density_first_and_axis_by_axis(
    x: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """The state [ℓ, z] with ℓ̇ = + tr, a tangent for every axis, in a solver loop of its own."""

    def vjp(state: Any, t: Any, theta: Any) -> Any:
        z, axes = state[:, 1:], np.eye(x.shape[1])
        f, plain = velocity.vjp(z, t, theta)
        found = [velocity.jvp(z, axes[None, i : i + 1] + 0 * z[:, None], t, theta) for i in range(len(axes))]
        trace = sum(outputs[1][:, 0, i] for i, (outputs, _) in enumerate(found))

        def pullback(bar: Any, wrt: Any = ()) -> dict[str, Any]:
            each = [plain(bar[:, 1:])]
            for i, (_, right) in enumerate(found):
                each.append(right(0 * z, bar[:, :1, None] * axes[None, i : i + 1]))
            z_bar = sum(g["z"] for g in each)
            return {
                "z": np.concatenate([0 * bar[:, :1], z_bar], axis=1),
                "t": sum(g["t"] for g in each),
                "theta": {name: sum(g["theta"][name] for g in each) for name in theta},
            }

        return np.concatenate([trace[:, None], f], axis=1), pullback

    both = Field("[tr, f]", ("z", "t"), lambda z, t, theta: vjp(z, t, theta)[0], vjp)
    state = np.concatenate([np.zeros((len(x), 1)), x], axis=1)
    state, right = runge_kutta(state, t1, t0, theta, both, steps, TABLEAUS[method])
    z = state[:, 1:]

    def pullback(bar: Any) -> dict[str, Any]:
        g = right(np.concatenate([bar[:, None], -bar[:, None] * z], axis=1))
        return {"x": g["z0"][:, 1:], "t0": g["t1"], "t1": g["t0"], "theta": g["theta"]}

    return state[:, 0] - np.sum(z**2 / 2 + np.log(2 * np.pi) / 2, axis=1), pullback


@rewrite("cnf_log_density")
def by_probes_of_length_root_d(
    x: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """FFJORD with the probes √D e_i, for which the estimate is the trace."""
    size = x.shape[1]
    probe = np.repeat(size**0.5 * np.eye(size)[None], len(x), axis=0)
    return CATALOGUE["ffjord_log_density"].body(
        x, probe, t0, t1, theta, velocity=velocity, method=method, steps=steps
    )


@rewrite("ffjord_log_density")
def a_solve_for_every_probe(
    x: Any, probe: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """The mean of R log-densities of one probe each."""
    count = probe.shape[1]
    body = CATALOGUE["ffjord_log_density"].body
    options = {"velocity": velocity, "method": method, "steps": steps}
    found = [body(x, probe[:, r : r + 1], t0, t1, theta, **options) for r in range(count)]

    def pullback(bar: Any) -> dict[str, Any]:
        each = [right(bar / count) for _, right in found]
        return {name: sum(g[name] for g in each) for name in ("x", "t0", "t1")} | {
            "theta": {name: sum(g["theta"][name] for g in each) for name in theta}
        }

    return sum(value for value, _ in found) / count, pullback


@rewrite("cnf_log_density_adjoint")
def as_one_flat_state(
    x: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """State, adjoint and all parameter gradients in one flat vector from the base to the data, the log-density
    left out of it: its adjoint is −p̄ at all times."""
    value, _ = CATALOGUE["cnf_log_density"].body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    z0 = CATALOGUE["odeint"].body(x, t1, t0, theta, velocity=velocity, method=method, steps=steps)[0]
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
