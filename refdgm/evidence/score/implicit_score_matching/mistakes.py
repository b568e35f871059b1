"""Mistakes in implicit score matching."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.network import bent, tangent
from refdgm.namespace import Array, namespace
from refdgm.nets.activation import ACTIVATIONS
from refdgm.nets.field import Field
from refdgm.score.implicit_score_matching import implicit_score_matching
from refdgm.score.implicit_score_matching import implicit_score_matching_shallow as shallow

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
    """θ_bar is divided by the batch once more; right for a batch of one."""
    loss, right = implicit_score_matching.body(x, theta, score=score)
    return loss, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


def one_layer(
    x: Array, theta: Theta, activation: str, norm: float = 1.0, trace: float = 1.0, trace_bar: float | None = None,
    bend_factor: float = 1.0, c: Array | None = None, order: int = 1,
) -> Any:
    """norm · ½ ‖s‖² + trace · ⟨φ⁽ᵒʳᵈᵉʳ⁾(a), c⟩ and its gradient; `trace_bar` is the trace's weight in that alone,
    `bend_factor` that of the next derivative of φ there. A given c takes the place of diag(W¹W²) and is held fixed."""
    xp = namespace(x)
    trace_bar = trace if trace_bar is None else trace_bar
    inward, outward = theta["W1"], theta["W2"]
    phi = ACTIVATIONS[activation](x @ inward.T + theta["b1"], 2)
    h, seen, next_one = phi[0], phi[order], bend_factor * phi[order + 1]
    s = h @ outward.T + theta["b2"]
    held = c is not None
    c = c if held else xp.sum(inward * outward.T, axis=1)

    def pullback(bar: Array) -> dict[str, Any]:
        s_bar, c_bar = norm * bar[:, None] * s, trace_bar * (bar @ seen)[:, None] * (0 if held else 1)
        a_bar = phi[1] * (s_bar @ outward) + trace_bar * bar[:, None] * next_one * c
        g = {
            "W1": a_bar.T @ x + c_bar * outward.T, "b1": xp.sum(a_bar, axis=0),
            "W2": s_bar.T @ h + (c_bar * inward).T, "b2": xp.sum(s_bar, axis=0),
        }
        return {"x": a_bar @ inward, "theta": {name: g[name] for name in theta}}

    return norm * xp.sum(s * s, axis=-1) / 2 + trace * (seen @ c), pullback


# With one hidden layer: wrong equations, rightly differentiated


@mistake(shallow)
def anti_score(x: Array, theta: Theta, *, activation: str) -> Any:
    """½‖s‖² − ⟨φ', c⟩: the objective of −s; the network learns minus the score."""
    return one_layer(x, theta, activation, trace=-1.0)


@mistake(shallow, name="half_forgotten")
def shallow_half_forgotten(x: Array, theta: Theta, *, activation: str) -> Any:
    """‖s‖² + ⟨φ', c⟩: neither the objective nor twice it."""
    return one_layer(x, theta, activation, norm=2.0)


@mistake(shallow, name="trace_missing")
def shallow_trace_missing(x: Array, theta: Theta, *, activation: str) -> Any:
    """½‖s‖²: minimal for s = 0."""
    return one_layer(x, theta, activation, trace=0.0)


@mistake(shallow, name="trace_averaged")
def shallow_trace_averaged(x: Array, theta: Theta, *, activation: str) -> Any:
    """A mean over the axes where the trace is a sum; right for D = 1."""
    return one_layer(x, theta, activation, trace=1 / x.shape[1])


@mistake(shallow)
def activation_for_its_slope(x: Array, theta: Theta, *, activation: str) -> Any:
    """⟨φ(a), c⟩: the activation where its derivative belongs."""
    return one_layer(x, theta, activation, order=0)


@mistake(shallow)
def trace_of_the_other_product(x: Array, theta: Theta, *, activation: str) -> Any:
    """c = diag(W²W¹), which has D entries, not one for each unit; it fits where there are as many, else it is right."""
    xp = namespace(x)
    inward, outward = theta["W1"], theta["W2"]
    if inward.shape[0] != inward.shape[1]:
        return shallow.body(x, theta, activation=activation)
    other = xp.sum(outward * inward.T, axis=1)
    loss, right = one_layer(x, theta, activation, c=other)
    slope = ACTIVATIONS[activation](x @ inward.T + theta["b1"], 1)[1]

    def pullback(bar: Array) -> dict[str, Any]:
        g, c_bar = right(bar), (bar @ slope)[:, None]
        more = {"W1": (c_bar * outward).T, "W2": c_bar * inward.T}
        return g | {"theta": {n: e + more[n] if n in more else e for n, e in g["theta"].items()}}

    return loss, pullback


# With one hidden layer: one of value and gradient is right


@mistake(shallow, "value", name="reported_without_trace")
def shallow_reported_without_trace(x: Array, theta: Theta, *, activation: str) -> Any:
    """½‖s‖² is reported while the right objective is minimised."""
    return one_layer(x, theta, activation, trace=0.0, trace_bar=1.0)


@mistake(shallow, "gradient.x", "gradient.theta", name="trace_detached")
def shallow_trace_detached(x: Array, theta: Theta, *, activation: str) -> Any:
    """The trace is computed without a graph: the gradient is that of ½‖s‖²."""
    return one_layer(x, theta, activation, trace_bar=0.0)


@mistake(shallow, "gradient.x", "gradient.theta", name="curvature_missing")
def shallow_curvature_missing(x: Array, theta: Theta, *, activation: str) -> Any:
    """The φ'' term is missing, as with ReLU: the trace is taken for independent of a."""
    return one_layer(x, theta, activation, bend_factor=0.0)


@mistake(shallow, "gradient.theta")
def weights_of_the_trace_held(x: Array, theta: Theta, *, activation: str) -> Any:
    """c is held fixed: diag(c_bar) W²ᵀ and W¹ᵀ diag(c_bar) are missing in the weights' gradients."""
    return one_layer(x, theta, activation, c=namespace(x).sum(theta["W1"] * theta["W2"].T, axis=1))


@mistake(shallow, "gradient.theta")
def trace_in_one_weight_alone(x: Array, theta: Theta, *, activation: str) -> Any:
    """W¹ receives its part of the trace, W² does not."""
    loss, right = shallow.body(x, theta, activation=activation)
    held = one_layer(x, theta, activation, c=namespace(x).sum(theta["W1"] * theta["W2"].T, axis=1))[1]

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": g["theta"] | {"W2": held(bar)["theta"]["W2"]}}

    return loss, pullback


@mistake(shallow, "gradient.theta", name="gradient_averaged_over_batch")
def shallow_gradient_averaged_over_batch(x: Array, theta: Theta, *, activation: str) -> Any:
    """θ_bar is divided by the batch once more; right for a batch of one."""
    loss, right = shallow.body(x, theta, activation=activation)
    return loss, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(shallow, "gradient.x")
def trace_constant_in_x(x: Array, theta: Theta, *, activation: str) -> Any:
    """x_bar is that of ½‖s‖² alone, as if the network were linear."""
    loss, right = shallow.body(x, theta, activation=activation)
    flat = one_layer(x, theta, activation, trace_bar=0.0)[1]
    return loss, lambda bar: right(bar) | {"x": flat(bar)["x"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


def exchanged(found: Any, less: Any, more: Any) -> Any:
    """found − less + more, in value and gradient: one term of an objective for another."""
    (value, right), (before, back), (after, forth) = found, less, more

    def pullback(bar: Array) -> dict[str, Any]:
        g, b, f = right(bar), back(bar), forth(bar)
        theta = {n: e - b["theta"][n] + f["theta"][n] for n, e in g["theta"].items()}
        return {"x": g["x"] - b["x"] + f["x"], "theta": theta}

    return value - before + after, pullback


# --- implicit -------------------------------------------------------------------------------------


@mistake(implicit_score_matching, blind=True)
def last_axis_not_in_trace(x: Array, theta: Theta, *, score: Field) -> Any:
    """The loop over the axes ends one too early: the trace lacks its last entry."""
    xp = namespace(x)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None, :-1, :]
    (s, s_dot), right = score.jvp(x, axes, theta)
    loss = xp.sum(s * s, axis=-1) / 2 + xp.sum(axes * s_dot, axis=(1, 2))
    return loss, lambda bar: right(bar[:, None] * s, bar[:, None, None] * axes)


@mistake(implicit_score_matching, blind=True)
def trace_shared_by_batch(x: Array, theta: Theta, *, score: Field) -> Any:
    """Every example has the batch's mean trace: right in the mean over the batch, and for a linear score."""
    xp = namespace(x)
    count = max(x.shape[0], 1)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None]
    (s, s_dot), right = score.jvp(x, axes, theta)
    traces = xp.sum(axes * s_dot, axis=(1, 2)) + 0 * xp.sum(s, axis=-1)

    def pullback(bar: Array) -> dict[str, Any]:
        return right(bar[:, None] * s, (xp.sum(bar) / count + 0 * bar)[:, None, None] * axes)

    return xp.sum(s * s, axis=-1) / 2 + xp.sum(traces) / count, pullback


@mistake(implicit_score_matching, "gradient.x", blind=True)
def transposed_jacobian(x: Array, theta: Theta, *, score: Field) -> Any:
    """x_bar has (∂s/∂x) s for (∂s/∂x)ᵀ s; right for a score that is a gradient, whose Jacobian is symmetric."""
    loss, right = implicit_score_matching.body(x, theta, score=score)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        s, back = score.vjp(x, theta)
        s_bar = bar[:, None] * s
        across = score.jvp(x, s_bar[:, None, :], theta)[0][1][:, 0, :]
        return g | {"x": g["x"] - back(s_bar)["x"] + across}

    return loss, pullback


@mistake(implicit_score_matching, "gradient.theta", blind=True)
def linear_trace_detached(x: Array, theta: Theta, *, score: Field) -> Any:
    """The trace of a linear score is taken for a constant, which it is in x and not in A; networks are right."""
    loss, right = implicit_score_matching.body(x, theta, score=score)
    if score.name != "linear":
        return loss, right
    xp = namespace(x)
    identity = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": g["theta"] | {"A": g["theta"]["A"] - xp.sum(bar) * identity}}

    return loss, pullback


# --- implicit, one hidden layer -------------------------------------------------------------------


@mistake(shallow, blind=True)
def slope_of_silu_is_its_gate(x: Array, theta: Theta, *, activation: str) -> Any:
    """The trace has σ(a) for φ' of silu, as if a in a σ(a) were a constant; other activations are right."""
    found = shallow.body(x, theta, activation=activation)
    if activation != "silu":
        return found
    # σ is the slope of softplus
    return exchanged(found, one_layer(x, theta, "silu", norm=0.0), one_layer(x, theta, "softplus", norm=0.0))


@mistake(shallow, blind=True)
def trace_without_inner_bias(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ' in the trace is taken at W¹x, the bias forgotten there; right where b¹ = 0, as it is before training."""
    unbiased = theta | {"b1": 0 * theta["b1"]}
    trace, other = one_layer(x, theta, activation, norm=0.0), one_layer(x, unbiased, activation, norm=0.0)

    def held(bar: Array) -> dict[str, Any]:
        g = other[1](bar)
        return g | {"theta": g["theta"] | {"b1": 0 * theta["b1"]}}

    return exchanged(shallow.body(x, theta, activation=activation), trace, (other[0], held))


@mistake(shallow, "gradient.x", "gradient.theta", blind=True)
def tanh_curvature_without_two(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ'' of tanh is −φ φ', without its 2; other activations are right."""
    loss, right = shallow.body(x, theta, activation=activation)
    return loss, one_layer(x, theta, activation, bend_factor=0.5)[1] if activation == "tanh" else right


@mistake(shallow, "gradient.theta", blind=True)
def trace_parts_not_transposed(x: Array, theta: Theta, *, activation: str) -> Any:
    """diag(c_bar) W² and diag(c_bar) W¹ for their transposes; it fits where units are as many as axes, else it is
    right."""
    loss, right = shallow.body(x, theta, activation=activation)
    inward, outward = theta["W1"], theta["W2"]
    if inward.shape[0] != inward.shape[1]:
        return loss, right
    slope = ACTIVATIONS[activation](x @ inward.T + theta["b1"], 1)[1]

    def pullback(bar: Array) -> dict[str, Any]:
        g, c_bar = right(bar), (bar @ slope)[:, None]
        weights = {
            "W1": g["theta"]["W1"] - c_bar * outward.T + c_bar * outward,
            "W2": g["theta"]["W2"] - (c_bar * inward).T + c_bar * inward,
        }
        return g | {"theta": g["theta"] | weights}

    return loss, pullback
