"""Implicit score matching, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.nets.activation import ACTIVATIONS
from refdgm.nets.field import SCORES
from refdgm.score.implicit_score_matching import implicit_score_matching, implicit_score_matching_shallow


@rewrite(implicit_score_matching)
def one_axis_at_a_time(x: Any, theta: Any, *, score: Any) -> Any:
    """The trace axis by axis, and ‖s‖² from a separate evaluation."""
    s, first = score.vjp(x, theta)
    axes = np.eye(x.shape[1])
    found = [score.jvp(x, axes[None, i : i + 1] + 0 * x[:, None, :], theta) for i in range(x.shape[1])]
    trace = sum(outputs[1][:, 0, i] for i, (outputs, _) in enumerate(found))

    def pullback(bar: Any) -> dict[str, Any]:
        each = [first(bar[:, None] * s)]
        for i, (_, right) in enumerate(found):
            each.append(right(0 * s, bar[:, None, None] * axes[None, i : i + 1]))
        return {
            "x": sum(g["x"] for g in each),
            "theta": {name: sum(g["theta"][name] for g in each) for name in theta},
        }

    return np.sum(s**2, axis=1) / 2 + trace, pullback


@rewrite(implicit_score_matching_shallow)
def by_tangents(x: Any, theta: Any, *, activation: str) -> Any:
    """The general form, with a tangent along every axis."""
    return implicit_score_matching.body(x, theta, score=SCORES[f"mlp_{activation}"])


@rewrite(implicit_score_matching_shallow)
def by_the_whole_jacobian(x: Any, theta: Any, *, activation: str) -> Any:
    """The Jacobian as a matrix for each example, its trace, and the gradient of every entry of the diagonal."""
    w1, b1, w2, b2 = (theta[name] for name in ("W1", "b1", "W2", "b2"))
    h, slope, bend = ACTIVATIONS[activation](x @ w1.T + b1, 2)
    s = h @ w2.T + b2
    jacobian = np.einsum("ik,bk,kj->bij", w2, slope, w1)

    def pullback(bar: Any) -> dict[str, Any]:
        jacobian_bar = bar[:, None, None] * np.eye(x.shape[1])
        s_bar = bar[:, None] * s
        slope_bar = np.einsum("bij,ik,kj->bk", jacobian_bar, w2, w1)
        a_bar = slope * np.einsum("bi,ik->bk", s_bar, w2) + bend * slope_bar
        grads = {
            "W1": np.einsum("bk,bj->kj", a_bar, x) + np.einsum("bij,ik,bk->kj", jacobian_bar, w2, slope),
            "b1": np.sum(a_bar, axis=0),
            "W2": np.einsum("bi,bk->ik", s_bar, h) + np.einsum("bij,bk,kj->ik", jacobian_bar, slope, w1),
            "b2": np.sum(s_bar, axis=0),
        }
        return {"x": a_bar @ w1, "theta": {name: grads[name] for name in theta}}

    return np.sum(s**2, axis=1) / 2 + np.einsum("bii->b", jacobian), pullback
