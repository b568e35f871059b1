"""The trace of a Jacobian and its estimate, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.flow.hutchinson_trace import hutchinson_trace, jacobian_trace


@rewrite(jacobian_trace)
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


@rewrite(hutchinson_trace)
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


@rewrite(hutchinson_trace)
def trace_of_the_jacobian_times_the_mean_outer_product(x: Any, probe: Any, theta: Any, *, score: Any) -> Any:
    """tr(J V) with V = Σ_r v_r v_rᵀ / R and the whole Jacobian, axis by axis."""
    axes = np.repeat(np.eye(x.shape[1])[None], len(x), axis=0)
    (_, columns), right = score.jvp(x, axes, theta)  # columns[b, i] is J e_i
    outer = np.einsum("bri,brj->bij", probe, probe) / probe.shape[1]
    return np.einsum("bij,bij->b", columns, outer), lambda bar: right(0 * x, bar[:, None, None] * outer)
