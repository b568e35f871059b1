"""Mistakes in multilayer perceptrons and their tangents."""

from typing import Any

from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.network import (
    at_output,
    bent,
    gate_for_slope,
    network,
    smooth,
    tangent,
    transposed_where_square,
)
from refdgm.namespace import Array, namespace
from refdgm.nets.activation import ACTIVATIONS, FIRST_ORDER
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
    """b̄ is the mean over the batch, W̄ the sum."""
    y, right = mlp.body(x, theta, activation=activation)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": {n: e / x.shape[0] if n[0] == "b" else e for n, e in g["theta"].items()}}

    return y, pullback


@mistake(mlp, "gradient.theta")
def square_weight_gradients_transposed(x: Array, theta: Theta, *, activation: str) -> Any:
    """W̄ = Σ h āᵀ for Σ ā hᵀ: only non-square weights complain."""
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
    """x̄ is divided by the batch once more."""
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
    """ȧ = W ḣ + b: the tangent of an affine map is its linear part."""
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
    """W̄ = Σ ā hᵀ: the weights' second appearance, in ȧ = W ḣ, is forgotten."""
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
    """The cotangent of ẏ is dropped: first-order backpropagation of y alone."""
    outputs, right = mlp_tangent.body(x, x_dot, theta, activation=activation)
    return outputs, lambda y_bar, y_dot_bar: right(y_bar, 0 * y_dot_bar)
