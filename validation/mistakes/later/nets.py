"""Mistakes in the networks, planted after the cases were frozen and without having seen them."""

from collections.abc import Callable
from typing import Any

from refdgm.mistakes.embedding import exponents, waves
from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.network import network, smooth
from refdgm.namespace import Array, namespace
from refdgm.nets.activation import ACTIVATIONS, FIRST_ORDER
from refdgm.nets.affine import affine
from refdgm.nets.mlp import mlp, mlp_tangent
from refdgm.nets.sinusoidal_embedding import sinusoidal_embedding

Theta = dict[str, Array]

# The affine layer


@mistake(affine, "value", "gradient.b")
def bias_along_the_batch(x: Array, W: Array, b: Array) -> Any:
    """b is broadcast along the batch and not along the outputs, which fits only where B is E."""
    xp = namespace(x)
    y, right = affine.body(x, W, b)
    if y.shape[0] != y.shape[1]:
        return y, right
    return x @ W.T + b[:, None], lambda bar: right(bar) | {"b": xp.sum(bar, axis=1)}


@mistake(affine, "gradient.W")
def incomplete_tile_dropped(x: Array, W: Array, b: Array) -> Any:
    """W̄ is summed over whole tiles of four examples, and the rest of the batch is forgotten."""
    y, right = affine.body(x, W, b)
    whole = x.shape[0] - x.shape[0] % 4
    return y, lambda bar: right(bar) | {"W": bar[:whole, :].T @ x[:whole, :]}


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


@mistake(mlp)
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


@mistake(mlp)
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


@mistake(mlp, "gradient.x", "gradient.theta")
def slope_of_the_last_layer(x: Array, theta: Theta, *, activation: str) -> Any:
    """Every layer reads the slope that the last hidden one left in a variable they share; right where the widths
    differ, or with one hidden layer."""
    y, _ = mlp.body(x, theta, activation=activation)
    _, h, slopes = forwards(x, theta, activation)
    left = [slopes[-1] if slope.shape == slopes[-1].shape else slope for slope in slopes]
    return y, lambda bar: backwards(bar, theta, h, left)


@mistake(mlp, "gradient.theta")
def weights_with_preactivations(x: Array, theta: Theta, *, activation: str) -> Any:
    """W̄ˡ = Σ āˡ (aˡ⁻¹)ᵀ for Σ āˡ (hˡ⁻¹)ᵀ: what was saved is the layer before its activation."""
    y, _ = mlp.body(x, theta, activation=activation)
    a, _, slopes = forwards(x, theta, activation)
    return y, lambda bar: backwards(bar, theta, [x, *a], slopes)


@mistake(mlp, "gradient.x", "gradient.theta")
def slope_one_at_the_kink(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ'(0) = 1 for ReLU, where 0 is taken; right but for preactivations that are exactly zero."""

    def phi(a: Array) -> tuple[Array, Array, Array]:
        xp = namespace(a)
        return xp.maximum(a, 0), xp.astype(a >= 0, a.dtype), a

    return network(x, theta, phi if activation == "relu" else smooth(activation))


@mistake(mlp, "gradient.theta")
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
    """As `mlp_tangent`, with the curvature term `term(layer, φ'', ȧ, ġ)` of each hidden layer given."""
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


@mistake(mlp_tangent, "gradient.x", "gradient.theta")
def curvature_of_the_first_direction(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """The φ'' term counts the first direction alone; right for R = 1."""
    return with_curvature(x, x_dot, theta, activation,
                          lambda layer, bend, a_dot, back_dot: bend * a_dot[:, 0, :] * back_dot[:, 0, :])


@mistake(mlp_tangent, "gradient.x", "gradient.theta")
def curvature_in_the_last_hidden_layer_alone(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """The φ'' term is formed in the last hidden layer and forgotten in those below; right for one hidden layer."""
    xp, last = namespace(x), len(theta) // 2 - 1
    return with_curvature(x, x_dot, theta, activation, lambda layer, bend, a_dot, back_dot: (
        (1 if layer == last else 0) * bend * xp.sum(a_dot * back_dot, axis=1)
    ))


@mistake(mlp_tangent, "gradient.x_dot")
def direction_gradients_pooled(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """Every direction receives the sum of the gradients of all; right for R = 1."""
    xp = namespace(x)
    outputs, right = mlp_tangent.body(x, x_dot, theta, activation=activation)
    return outputs, lambda *bars: (
        (g := right(*bars)) | {"x_dot": 0 * g["x_dot"] + xp.sum(g["x_dot"], axis=1, keepdims=True)}
    )


@mistake(mlp_tangent, "y_dot")
def finite_difference_for_tangent(x: Array, x_dot: Array, theta: Theta, *, activation: str) -> Any:
    """ẏ = (f(x + hẋ) − f(x))/h with h = 10⁻⁴, with the gradient of the derivative."""
    xp = namespace(x)
    (y, y_dot), right = mlp_tangent.body(x, x_dot, theta, activation=activation)
    moved = xp.reshape(x[:, None, :] + 1e-4 * x_dot, (y_dot.shape[0] * y_dot.shape[1], x.shape[1]))
    there = xp.reshape(mlp.body(moved, theta, activation=activation)[0], y_dot.shape)
    return (y, (there - y[:, None, :]) / 1e-4), right


# The embedding


@mistake(sinusoidal_embedding)
def cosines_half_a_step_slower(t: Array, *, features: int, spacing: str) -> Any:
    """The cosines have 10000^{−(2i+1)/2n}: every entry of the embedding has a frequency of its own, not every pair."""
    xp, half = namespace(t), features // 2
    omega = 10000.0 ** -exponents(t, features, spacing)
    n = half if spacing == "half" else max(half - 1, 1)
    sines, at_sines = waves(t, omega)
    cosines, at_cosines = waves(t, omega * 10000.0 ** (-0.5 / n))

    def pullback(bar: Array) -> dict[str, Array]:
        zero = xp.zeros_like(bar[:, :half])
        upper = at_sines(xp.concat([bar[:, :half], zero], axis=-1))["t"]
        return {"t": upper + at_cosines(xp.concat([zero, bar[:, half:]], axis=-1))["t"]}

    return xp.concat([sines[:, :half], cosines[:, half:]], axis=-1), pullback


@mistake(sinusoidal_embedding)
def angle_in_single_precision(t: Array, *, features: int, spacing: str) -> Any:
    """ω t is formed in float32, so that the angle of a late time is off by more than its last digits."""
    xp, half = namespace(t), features // 2
    omega = 10000.0 ** -exponents(t, features, spacing)
    single = xp.astype(t, xp.float32)[:, None] * xp.astype(omega, xp.float32)
    sine, cosine = xp.astype(xp.sin(single), t.dtype), xp.astype(xp.cos(single), t.dtype)
    return xp.concat([sine, cosine], axis=-1), lambda bar: {
        "t": xp.sum(omega * (bar[:, :half] * cosine - bar[:, half:] * sine), axis=-1)
    }


@mistake(sinusoidal_embedding)
def times_below_zero_clipped(t: Array, *, features: int, spacing: str) -> Any:
    """max(t, 0) for t: a time before the start is taken for the start."""
    xp = namespace(t)
    v, right = sinusoidal_embedding.body(xp.maximum(t, 0), features=features, spacing=spacing)
    return v, lambda bar: {"t": right(bar)["t"] * xp.astype(t >= 0, t.dtype)}


@mistake(sinusoidal_embedding, "gradient.t")
def cotangents_read_interleaved(t: Array, *, features: int, spacing: str) -> Any:
    """v̄ is read as sine, cosine, sine, …, while v is all sines and then all cosines; right for E = 2."""
    xp = namespace(t)
    v, right = sinusoidal_embedding.body(t, features=features, spacing=spacing)
    return v, lambda bar: right(xp.concat([bar[:, 0::2], bar[:, 1::2]], axis=-1))
