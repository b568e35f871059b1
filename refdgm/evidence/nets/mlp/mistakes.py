"""Mistakes in multilayer perceptrons and their tangents."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.network import at_output, bent, gate_for_slope, network, smooth, tangent, transposed_where_square
from refdgm.namespace import Array, namespace
from refdgm.nets.activation import ACTIVATIONS, FIRST_ORDER
from refdgm.nets.affine import affine
from refdgm.nets.mlp import mlp, mlp_tangent

Theta = dict[str, Array]


# The network: wrong equations, rightly differentiated


@mistake(mlp)
def square_weights_transposed(x: Array, theta: Theta, *, activation: str) -> Any:
    """a = h W for a = h Wᵀ: only non-square weights complain."""
    y, right = network(x, transposed_where_square(theta), smooth(activation))
    return y, lambda bar: (g := right(bar)) | {"theta": transposed_where_square(g["theta"])}


@mistake(mlp)
def activated_output(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ after the last layer too."""
    a, right = network(x, theta, smooth(activation))
    y, slope, _ = smooth(activation)(a)
    return y, lambda bar: right(slope * bar)


@mistake(mlp)
def biases_ignored(x: Array, theta: Theta, *, activation: str) -> Any:
    """y without its biases; its value is right while they are still zero."""
    plain = {name: 0 * entry if name[0] == "b" else entry for name, entry in theta.items()}
    y, right = network(x, plain, smooth(activation))

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": {n: 0 * entry if n[0] == "b" else entry for n, entry in g["theta"].items()}}

    return y, pullback


# The network: the value is right, its gradient is not


@mistake(mlp, "gradient.x", "gradient.theta")
def slope_at_output(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ'(h) for φ'(a)."""
    return network(x, theta, at_output(activation))


@mistake(mlp, "gradient.x", "gradient.theta")
def slope_forgotten(x: Array, theta: Theta, *, activation: str) -> Any:
    """The cotangent passes the activations as if they were linear."""

    def phi(a: Array) -> tuple[Array, Array, Array]:
        h = FIRST_ORDER[activation](a, 0)[0]
        return h, 0 * h + 1, 0 * h

    return network(x, theta, phi)


@mistake(mlp, "gradient.x", "gradient.theta")
def slope_of_tanh(x: Array, theta: Theta, *, activation: str) -> Any:
    """1 − h², whatever the activation; right for tanh."""

    def phi(a: Array) -> tuple[Array, Array, Array]:
        h = FIRST_ORDER[activation](a, 0)[0]
        return h, 1 - h * h, 0 * h

    return network(x, theta, phi)


@mistake(mlp, "gradient.x", "gradient.theta")
def silu_slope_without_product(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ' = σ(a) for silu: the term φ σ(−a) of the product rule is dropped; right for tanh and softplus."""
    return network(x, theta, gate_for_slope(activation))


@mistake(mlp, "gradient.theta")
def bias_gradient_averaged(x: Array, theta: Theta, *, activation: str) -> Any:
    """b_bar is the mean over the batch, W_bar the sum."""
    y, right = mlp.body(x, theta, activation=activation)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": {n: e / x.shape[0] if n[0] == "b" else e for n, e in g["theta"].items()}}

    return y, pullback


@mistake(mlp, "gradient.theta")
def square_weight_gradients_transposed(x: Array, theta: Theta, *, activation: str) -> Any:
    """W_bar = Σ h a_barᵀ for Σ a_bar hᵀ: only non-square weights complain."""
    y, right = mlp.body(x, theta, activation=activation)
    return y, lambda bar: (g := right(bar)) | {"theta": transposed_where_square(g["theta"])}


@mistake(mlp, "gradient.theta")
def only_last_layer_learns(x: Array, theta: Theta, *, activation: str) -> Any:
    """The hidden layers' gradients are never written."""
    y, right = mlp.body(x, theta, activation=activation)
    last = str(len(theta) // 2)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": {n: e if n[1:] == last else 0 * e for n, e in g["theta"].items()}}

    return y, pullback


@mistake(mlp, "gradient.x")
def input_gradient_averaged(x: Array, theta: Theta, *, activation: str) -> Any:
    """x_bar is divided by the batch once more."""
    y, right = mlp.body(x, theta, activation=activation)
    return y, lambda bar: (g := right(bar)) | {"x": g["x"] / x.shape[0]}


@mistake(mlp, "gradient.x", "gradient.theta")
def mask_of_the_output(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ' = 1 where h ≥ 0 for ReLU: always true of its output; other activations are right."""

    def phi(a: Array) -> tuple[Array, Array, Array]:
        h = namespace(a).maximum(a, 0)
        return h, namespace(a).ones_like(a), a

    return network(x, theta, phi if activation == "relu" else smooth(activation))


@mistake(mlp, "gradient.x", "gradient.theta")
def leaky_slope(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ' = 1/128 below zero for ReLU: the slope of a leaky one with the value of the plain one."""
    return network(x, theta, leaky(0) if activation == "relu" else smooth(activation))


@mistake(mlp)
def leaky_relu(x: Array, theta: Theta, *, activation: str) -> Any:
    """A leaky ReLU, with slope 1/128 below zero, for the plain one; other activations are right."""
    return network(x, theta, leaky(1) if activation == "relu" else smooth(activation))


@mistake(mlp)
def mirrored_relu(x: Array, theta: Theta, *, activation: str) -> Any:
    """min(a, 0) for max(a, 0); other activations are right."""

    def phi(a: Array) -> tuple[Array, Array, Array]:
        xp = namespace(a)
        return xp.minimum(a, 0), xp.astype(a < 0, a.dtype), a

    return network(x, theta, phi if activation == "relu" else smooth(activation))


def leaky(value: int) -> Any:
    """ReLU with slope 1/128 below zero; `value` 0 leaves its value as it is."""

    def phi(a: Array) -> tuple[Array, Array, Array]:
        xp = namespace(a)
        below = xp.astype(a <= 0, a.dtype)
        return xp.maximum(a, 0) + value * xp.minimum(a, 0) / 128, 1 - below + below / 128, a

    return phi


# The tangent


@mistake(mlp_tangent, "y_dot", "gradient.x", "gradient.theta")
def bias_in_tangent(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """a_dot = W h_dot + b: the tangent of an affine map is its linear part."""
    return tangent(x, x_dot, theta, smooth(activation), bias=True)


@mistake(mlp_tangent)
def tangent_with_square_weights_transposed(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """a = h W for a = h Wᵀ in value and tangent: only non-square weights complain."""
    outputs, right = tangent(x, x_dot, transposed_where_square(theta), smooth(activation))
    return outputs, lambda *bars: (g := right(*bars)) | {"theta": transposed_where_square(g["theta"])}


@mistake(mlp_tangent, "y_dot", "gradient.x", "gradient.x_dot", "gradient.theta")
def tangent_slope_at_output(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """φ'(h) for φ'(a), and φ'' likewise."""
    return tangent(x, x_dot, theta, at_output(activation))


@mistake(mlp_tangent, "y_dot", "gradient.x", "gradient.x_dot", "gradient.theta")
def tangent_silu_slope_without_product(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """φ' = σ(a) for silu, and φ'' = σ(a) σ(−a) likewise; right for tanh and softplus."""
    return tangent(x, x_dot, theta, gate_for_slope(activation))


@mistake(mlp_tangent, "y_dot")
def tangents_of_unit_length(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """The value normalises the directions, the pullback does not; right for directions of length one."""
    xp = namespace(x)
    (y, y_dot), right = mlp_tangent.body(x, x_dot, theta, activation=activation)
    return (y, y_dot / xp.sqrt(xp.sum(x_dot * x_dot, axis=-1, keepdims=True))), right


@mistake(mlp_tangent, "gradient.x", "gradient.theta")
def no_curvature(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """The φ'' term is missing: the tangent is taken for a function of the direction alone."""
    return tangent(x, x_dot, theta, bent(activation, 0.0))


@mistake(mlp_tangent, "gradient.x", "gradient.theta")
def curvature_sign(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """−φ'' for φ''."""
    return tangent(x, x_dot, theta, bent(activation, -1.0))


@mistake(mlp_tangent, "gradient.x", "gradient.theta")
def curvature_halved(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """½ φ'', the Taylor coefficient, for φ''."""
    return tangent(x, x_dot, theta, bent(activation, 0.5))


@mistake(mlp_tangent, "gradient.x", "gradient.theta")
def curvature_averaged_over_directions(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """A mean over the directions in the φ'' term; right for one direction."""
    return tangent(x, x_dot, theta, smooth(activation), mean=True)


@mistake(mlp_tangent, "gradient.theta")
def weights_without_tangent(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """W_bar = Σ a_bar hᵀ: the weights' second appearance, in a_dot = W h_dot, is forgotten."""
    xp = namespace(x)
    outputs, right = mlp_tangent.body(x, x_dot, theta, activation=activation)
    depth = len(theta) // 2

    def pullback(y_bar: Array, y_dot_bar: Array) -> dict[str, Any]:
        g = right(y_bar, y_dot_bar)
        inner = {f"W{depth}": outer_of_last(y_bar)} if depth > 1 else {"W1": y_bar.T @ x}
        return g | {"theta": g["theta"] | inner}

    def outer_of_last(y_bar: Array) -> Array:
        h = x
        for layer in range(1, depth):
            h = ACTIVATIONS[activation](h @ theta[f"W{layer}"].T + theta[f"b{layer}"], 0)[0]
        return xp.matrix_transpose(y_bar) @ h

    return outputs, pullback


@mistake(mlp_tangent, "gradient.x", "gradient.x_dot", "gradient.theta")
def tangent_detached(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """The cotangent of y_dot is dropped: first-order backpropagation of y alone."""
    outputs, right = mlp_tangent.body(x, x_dot, theta, activation=activation)
    return outputs, lambda y_bar, y_dot_bar: right(y_bar, 0 * y_dot_bar)


# --- planted by people who had not seen the cases, or after public code ---------------------------

# The network


def forwards(x: Array, theta: Theta, activation: str) -> tuple[list[Array], list[Array], list[Array]]:
    """a of the hidden layers, h from the input on, φ'(a)."""
    a, h, slopes = [], [x], []
    for layer in range(1, len(theta) // 2):
        a.append(h[-1] @ theta[f"W{layer}"].T + theta[f"b{layer}"])
        value, slope = FIRST_ORDER[activation](a[-1], 1)
        h.append(value)
        slopes.append(slope)
    return a, h, slopes


def backwards(bar: Array, theta: Theta, inputs: list[Array], slopes: list[Array]) -> dict[str, Any]:
    """The reverse pass, from what each layer read and the slopes between them."""
    xp, grads = namespace(bar), {}
    for layer in range(len(theta) // 2, 0, -1):
        grads |= {f"W{layer}": bar.T @ inputs[layer - 1], f"b{layer}": xp.sum(bar, axis=0)}
        bar = bar @ theta[f"W{layer}"]
        if layer > 1:
            bar = slopes[layer - 2] * bar
    return {"x": bar, "theta": {name: grads[name] for name in theta}}


@mistake(mlp, blind=True)
def last_hidden_layer_linear(x: Array, theta: Theta, *, activation: str) -> Any:
    """The activation before the last layer is forgotten, so that two linear layers follow each other."""
    depth = len(theta) // 2
    if depth == 1:
        return mlp.body(x, theta, activation=activation)
    below = {name: theta[name] for name in theta if name not in (f"W{depth}", f"b{depth}")}
    a, first = mlp.body(x, below, activation=activation)
    y, last = affine.body(a, theta[f"W{depth}"], theta[f"b{depth}"])

    def pullback(bar: Array) -> dict[str, Any]:
        top = last(bar)
        g = first(top["x"])
        grads = g["theta"] | {f"W{depth}": top["W"], f"b{depth}": top["b"]}
        return {"x": g["x"], "theta": {name: grads[name] for name in theta}}

    return y, pullback


@mistake(mlp, blind=True)
def bias_after_activation(x: Array, theta: Theta, *, activation: str) -> Any:
    """h = φ(W h) + b for φ(W h + b) in the hidden layers; its value is right while their biases are zero."""
    xp, depth = namespace(x), len(theta) // 2
    h, slopes = [x], []
    for layer in range(1, depth):
        value, slope = FIRST_ORDER[activation](h[-1] @ theta[f"W{layer}"].T, 1)
        h.append(value + theta[f"b{layer}"])
        slopes.append(slope)

    def pullback(bar: Array) -> dict[str, Any]:
        grads = {}
        for layer in range(depth, 0, -1):
            grads[f"b{layer}"] = xp.sum(bar, axis=0)
            bar = bar if layer == depth else slopes[layer - 1] * bar
            grads[f"W{layer}"] = bar.T @ h[layer - 1]
            bar = bar @ theta[f"W{layer}"]
        return {"x": bar, "theta": {name: grads[name] for name in theta}}

    return h[-1] @ theta[f"W{depth}"].T + theta[f"b{depth}"], pullback


@mistake(mlp, "gradient.x", "gradient.theta", blind=True)
def slope_of_the_last_layer(x: Array, theta: Theta, *, activation: str) -> Any:
    """Every layer reads the slope that the last hidden one left in a variable they share; right where the widths
    differ, or with one hidden layer."""
    y, _ = mlp.body(x, theta, activation=activation)
    _, h, slopes = forwards(x, theta, activation)
    left = [slopes[-1] if slope.shape == slopes[-1].shape else slope for slope in slopes]
    return y, lambda bar: backwards(bar, theta, h, left)


@mistake(mlp, "gradient.theta", blind=True)
def weights_with_preactivations(x: Array, theta: Theta, *, activation: str) -> Any:
    """W_barˡ = Σ a_barˡ (aˡ⁻¹)ᵀ for Σ a_barˡ (hˡ⁻¹)ᵀ: what was saved is the layer before its activation."""
    y, _ = mlp.body(x, theta, activation=activation)
    a, _, slopes = forwards(x, theta, activation)
    return y, lambda bar: backwards(bar, theta, [x, *a], slopes)


@mistake(mlp, "gradient.x", "gradient.theta", blind=True)
def slope_one_at_the_kink(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ'(0) = 1 for ReLU, where 0 is taken; right but for preactivations that are exactly zero."""

    def phi(a: Array) -> tuple[Array, Array, Array]:
        xp = namespace(a)
        return xp.maximum(a, 0), xp.astype(a >= 0, a.dtype), a

    return network(x, theta, phi if activation == "relu" else smooth(activation))


@mistake(mlp, "gradient.theta", blind=True)
def equal_shapes_share_a_buffer(x: Array, theta: Theta, *, activation: str) -> Any:
    """Gradients of one shape are written to one buffer, the first layer's last; right where all shapes differ."""
    y, right = mlp.body(x, theta, activation=activation)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        written = {g["theta"][name].shape: g["theta"][name] for name in reversed(list(theta))}
        return g | {"theta": {name: written[entry.shape] for name, entry in g["theta"].items()}}

    return y, pullback


# The tangent


def with_curvature(x: Array, x_dot: Array, theta: Theta, activation: str, term: Callable[..., Array]) -> Any:
    """As `mlp_tangent`, with the curvature term `term(layer, φ'', a_dot, g_dot)` of each hidden layer given."""
    xp, depth = namespace(x), len(theta) // 2
    h, h_dot, a_dot, slopes, bends = [x], [x_dot], [], [], []
    for layer in range(1, depth):
        value, slope, bend = ACTIVATIONS[activation](h[-1] @ theta[f"W{layer}"].T + theta[f"b{layer}"], 2)
        a_dot.append(h_dot[-1] @ theta[f"W{layer}"].T)
        h.append(value)
        h_dot.append(slope[:, None, :] * a_dot[-1])
        slopes.append(slope)
        bends.append(bend)

    def pullback(bar: Array, bar_dot: Array) -> dict[str, Any]:
        grads = {}
        for layer in range(depth, 0, -1):
            both = xp.sum(xp.matrix_transpose(bar_dot) @ h_dot[layer - 1], axis=0)
            grads |= {f"W{layer}": bar.T @ h[layer - 1] + both, f"b{layer}": xp.sum(bar, axis=0)}
            bar, bar_dot = bar @ theta[f"W{layer}"], bar_dot @ theta[f"W{layer}"]
            if layer > 1:
                curved = term(layer - 1, bends[layer - 2], a_dot[layer - 2], bar_dot)
                bar, bar_dot = slopes[layer - 2] * bar + curved, slopes[layer - 2][:, None, :] * bar_dot
        return {"x": bar, "x_dot": bar_dot, "theta": {name: grads[name] for name in theta}}

    return mlp_tangent.body(x, x_dot, theta, activation=activation)[0], pullback


@mistake(mlp_tangent, "gradient.x", "gradient.theta", blind=True)
def curvature_of_the_first_direction(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """The φ'' term counts the first direction alone; right for R = 1."""
    return with_curvature(x, x_dot, theta, activation,
                          lambda layer, bend, a_dot, back_dot: bend * a_dot[:, 0, :] * back_dot[:, 0, :])


@mistake(mlp_tangent, "gradient.x", "gradient.theta", blind=True)
def curvature_in_the_last_hidden_layer_alone(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """The φ'' term is formed in the last hidden layer and forgotten in those below; right for one hidden layer."""
    xp, last = namespace(x), len(theta) // 2 - 1
    return with_curvature(x, x_dot, theta, activation, lambda layer, bend, a_dot, back_dot: (
        (1 if layer == last else 0) * bend * xp.sum(a_dot * back_dot, axis=1)
    ))


@mistake(mlp_tangent, "gradient.x_dot", blind=True)
def direction_gradients_pooled(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """Every direction receives the sum of the gradients of all; right for R = 1."""
    xp = namespace(x)
    outputs, right = mlp_tangent.body(x, x_dot, theta, activation=activation)
    return outputs, lambda *bars: (
        (g := right(*bars)) | {"x_dot": 0 * g["x_dot"] + xp.sum(g["x_dot"], axis=1, keepdims=True)}
    )


@mistake(mlp_tangent, "y_dot", blind=True)
def finite_difference_for_tangent(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """y_dot = (f(x + h x_dot) − f(x))/h with h = 10⁻⁴, with the gradient of the derivative."""
    xp = namespace(x)
    (y, y_dot), right = mlp_tangent.body(x, x_dot, theta, activation=activation)
    moved = xp.reshape(x[:, None, :] + 1e-4 * x_dot, (y_dot.shape[0] * y_dot.shape[1], x.shape[1]))
    there = xp.reshape(mlp.body(moved, theta, activation=activation)[0], y_dot.shape)
    return (y, (there - y[:, None, :]) / 1e-4), right
