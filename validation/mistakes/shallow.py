"""Mistakes in the closed form of implicit score matching for one hidden layer."""

from typing import Any

from refdgm.mistakes.mistake import mistake
from refdgm.namespace import Array, namespace
from refdgm.nets.activation import ACTIVATIONS
from refdgm.score.implicit_score_matching import implicit_score_matching_shallow as shallow

Theta = dict[str, Array]


def objective(
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


# Wrong equations, rightly differentiated


@mistake(shallow)
def anti_score(x: Array, theta: Theta, *, activation: str) -> Any:
    """½‖s‖² − ⟨φ', c⟩: the objective of −s; the network learns minus the score."""
    return objective(x, theta, activation, trace=-1.0)


@mistake(shallow)
def half_forgotten(x: Array, theta: Theta, *, activation: str) -> Any:
    """‖s‖² + ⟨φ', c⟩: neither the objective nor twice it."""
    return objective(x, theta, activation, norm=2.0)


@mistake(shallow)
def trace_missing(x: Array, theta: Theta, *, activation: str) -> Any:
    """½‖s‖²: minimal for s = 0."""
    return objective(x, theta, activation, trace=0.0)


@mistake(shallow)
def trace_averaged(x: Array, theta: Theta, *, activation: str) -> Any:
    """A mean over the axes where the trace is a sum; right for D = 1."""
    return objective(x, theta, activation, trace=1 / x.shape[1])


@mistake(shallow)
def activation_for_its_slope(x: Array, theta: Theta, *, activation: str) -> Any:
    """⟨φ(a), c⟩: the activation where its derivative belongs."""
    return objective(x, theta, activation, order=0)


@mistake(shallow)
def trace_of_the_other_product(x: Array, theta: Theta, *, activation: str) -> Any:
    """c = diag(W²W¹), which has D entries, not one for each unit; it fits where there are as many, else it is right."""
    xp = namespace(x)
    inward, outward = theta["W1"], theta["W2"]
    if inward.shape[0] != inward.shape[1]:
        return shallow.body(x, theta, activation=activation)
    other = xp.sum(outward * inward.T, axis=1)
    loss, right = objective(x, theta, activation, c=other)
    slope = ACTIVATIONS[activation](x @ inward.T + theta["b1"], 1)[1]

    def pullback(bar: Array) -> dict[str, Any]:
        g, c_bar = right(bar), (bar @ slope)[:, None]
        more = {"W1": (c_bar * outward).T, "W2": c_bar * inward.T}
        return g | {"theta": {n: e + more[n] if n in more else e for n, e in g["theta"].items()}}

    return loss, pullback


# One of value and gradient is right


@mistake(shallow, "value")
def reported_without_trace(x: Array, theta: Theta, *, activation: str) -> Any:
    """½‖s‖² is reported while the right objective is minimised."""
    return objective(x, theta, activation, trace=0.0, trace_bar=1.0)


@mistake(shallow, "gradient.x", "gradient.theta")
def trace_detached(x: Array, theta: Theta, *, activation: str) -> Any:
    """The trace is computed without a graph: the gradient is that of ½‖s‖²."""
    return objective(x, theta, activation, trace_bar=0.0)


@mistake(shallow, "gradient.x", "gradient.theta")
def curvature_missing(x: Array, theta: Theta, *, activation: str) -> Any:
    """The φ'' term is missing, as with ReLU: the trace is taken for independent of a."""
    return objective(x, theta, activation, bend_factor=0.0)


@mistake(shallow, "gradient.theta")
def weights_of_the_trace_held(x: Array, theta: Theta, *, activation: str) -> Any:
    """c is held fixed: diag(c̄) W²ᵀ and W¹ᵀ diag(c̄) are missing in the weights' gradients."""
    return objective(x, theta, activation, c=namespace(x).sum(theta["W1"] * theta["W2"].T, axis=1))


@mistake(shallow, "gradient.theta")
def trace_in_one_weight_alone(x: Array, theta: Theta, *, activation: str) -> Any:
    """W¹ receives its part of the trace, W² does not."""
    loss, right = shallow.body(x, theta, activation=activation)
    held = objective(x, theta, activation, c=namespace(x).sum(theta["W1"] * theta["W2"].T, axis=1))[1]

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": g["theta"] | {"W2": held(bar)["theta"]["W2"]}}

    return loss, pullback


@mistake(shallow, "gradient.theta")
def gradient_averaged_over_batch(x: Array, theta: Theta, *, activation: str) -> Any:
    """θ̄ is divided by the batch once more; right for a batch of one."""
    loss, right = shallow.body(x, theta, activation=activation)
    return loss, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(shallow, "gradient.x")
def trace_constant_in_x(x: Array, theta: Theta, *, activation: str) -> Any:
    """x̄ is that of ½‖s‖² alone, as if the network were linear."""
    loss, right = shallow.body(x, theta, activation=activation)
    flat = objective(x, theta, activation, trace_bar=0.0)[1]
    return loss, lambda bar: right(bar) | {"x": flat(bar)["x"]}
