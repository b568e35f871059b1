"""Log-densities along a flow, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.stepping import runge_kutta
from refdgm.flow.cnf_log_density import cnf_log_density, ffjord_log_density
from refdgm.nets.field import Field
from refdgm.ode.tableau import TABLEAUS


@rewrite(cnf_log_density)
def density_first_and_axis_by_axis(
    x: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """The state [ℓ, z] with ℓ_dot = + tr, a tangent for every axis, in a solver loop of its own."""

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


@rewrite(cnf_log_density)
def by_probes_of_length_root_d(
    x: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """FFJORD with the probes √D e_i, for which the estimate is the trace."""
    size = x.shape[1]
    probe = np.repeat(size**0.5 * np.eye(size)[None], len(x), axis=0)
    return ffjord_log_density.body(
        x, probe, t0, t1, theta, velocity=velocity, method=method, steps=steps
    )


@rewrite(ffjord_log_density)
def a_solve_for_every_probe(
    x: Any, probe: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """The mean of R log-densities of one probe each."""
    count = probe.shape[1]
    body = ffjord_log_density.body
    options = {"velocity": velocity, "method": method, "steps": steps}
    found = [body(x, probe[:, r : r + 1], t0, t1, theta, **options) for r in range(count)]

    def pullback(bar: Any) -> dict[str, Any]:
        each = [right(bar / count) for _, right in found]
        return {name: sum(g[name] for g in each) for name in ("x", "t0", "t1")} | {
            "theta": {name: sum(g["theta"][name] for g in each) for name in theta}
        }

    return sum(value for value, _ in found) / count, pullback
