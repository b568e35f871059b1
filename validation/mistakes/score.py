"""Mistakes in implicit score matching. ‖s‖² + 2 tr is a convention and not among them."""

from typing import Any

from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.network import bent, tangent
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.score.implicit_score_matching import implicit_score_matching

Theta = dict[str, Array]


def objective(
    x: Array, theta: Theta, score: Field, norm: float, trace: float,
    norm_bar: float | None = None, trace_bar: float | None = None,
) -> Any:
    """norm · ‖s‖²/2 + trace · tr ∂s/∂x, and the gradient of that, or of what the `_bar` weights make."""
    xp = namespace(x)
    norm_bar, trace_bar = norm if norm_bar is None else norm_bar, trace if trace_bar is None else trace_bar
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None]
    (s, s_dot), right = score.jvp(x, axes, theta)
    loss = norm * xp.sum(s * s, axis=-1) / 2 + trace * xp.sum(axes * s_dot, axis=(1, 2))

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(norm_bar * bar[:, None] * s, trace_bar * bar[:, None, None] * axes)
        return {"x": g["x"], "theta": g["theta"]}

    return loss, pullback


# Wrong equations, rightly differentiated


@mistake(implicit_score_matching)
def half_forgotten(x: Array, theta: Theta, *, score: Field) -> Any:
    """‖s‖² + tr: neither the objective nor twice it."""
    return objective(x, theta, score, 2.0, 1.0)


@mistake(implicit_score_matching, seen="soran-ghaderi/torchebm #333")
def score_of_opposite_sign(x: Array, theta: Theta, *, score: Field) -> Any:
    """½‖s‖² − tr: the objective of −s; the network learns the gradient of an energy, not the score."""
    return objective(x, theta, score, 1.0, -1.0)


@mistake(implicit_score_matching)
def trace_missing(x: Array, theta: Theta, *, score: Field) -> Any:
    """½‖s‖²: minimal for s = 0."""
    return objective(x, theta, score, 1.0, 0.0)


@mistake(implicit_score_matching)
def trace_averaged(x: Array, theta: Theta, *, score: Field) -> Any:
    """A mean over the axes where the trace is a sum; right for D = 1."""
    return objective(x, theta, score, 1.0, 1 / x.shape[1])


@mistake(implicit_score_matching)
def sum_of_jacobian(x: Array, theta: Theta, *, score: Field) -> Any:
    """The sum of all entries of the Jacobian, as one backward pass of Σ s gives it, for its trace."""
    xp = namespace(x)
    ones = xp.ones((1, 1, x.shape[1]), dtype=x.dtype, device=x.device)
    (s, s_dot), right = score.jvp(x, ones, theta)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar[:, None] * s, bar[:, None, None] * ones)
        return {"x": g["x"], "theta": g["theta"]}

    return xp.sum(s * s, axis=-1) / 2 + xp.sum(s_dot, axis=(1, 2)), pullback


# One of value and gradient is right


@mistake(implicit_score_matching, "value")
def reported_without_trace(x: Array, theta: Theta, *, score: Field) -> Any:
    """½‖s‖² is reported while the right objective is minimised."""
    return objective(x, theta, score, 1.0, 0.0, trace_bar=1.0)


@mistake(implicit_score_matching, "gradient.x", "gradient.theta")
def trace_detached(x: Array, theta: Theta, *, score: Field) -> Any:
    """The trace is computed without a graph: the gradient is that of ½‖s‖²."""
    return objective(x, theta, score, 1.0, 1.0, trace_bar=0.0)


@mistake(implicit_score_matching, "gradient.x", "gradient.theta")
def norm_detached(x: Array, theta: Theta, *, score: Field) -> Any:
    """The gradient is that of the trace alone."""
    return objective(x, theta, score, 1.0, 1.0, norm_bar=0.0)


@mistake(implicit_score_matching, "gradient.x", "gradient.theta")
def curvature_missing(x: Array, theta: Theta, *, score: Field) -> Any:
    """The φ'' term of the trace's gradient is missing, as with ReLU; right for a linear score."""
    loss, right = implicit_score_matching.body(x, theta, score=score)
    if not score.name.startswith("mlp_"):
        return loss, right
    xp = namespace(x)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None] + 0 * x[:, None, :]
    (s, _), flat = tangent(x, axes, theta, bent(score.name.removeprefix("mlp_"), 0.0))

    def pullback(bar: Array) -> dict[str, Any]:
        g = flat(bar[:, None] * s, bar[:, None, None] * axes)
        return {"x": g["x"], "theta": g["theta"]}

    return loss, pullback


@mistake(implicit_score_matching, "gradient.theta")
def gradient_averaged_over_batch(x: Array, theta: Theta, *, score: Field) -> Any:
    """θ̄ is divided by the batch once more; right for a batch of one."""
    loss, right = implicit_score_matching.body(x, theta, score=score)
    return loss, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}
