"""Perceptrons with an exchangeable activation and its derivatives: what the mistakes of networks are made of.

`phi(a)` returns φ, φ' and φ'' as the caller would have them, so that a wrong φ' is a wrong argument here.
"""

from collections.abc import Callable
from typing import Any

from refdgm.namespace import Array, namespace
from refdgm.nets.activation import ACTIVATIONS, FIRST_ORDER

Phi = Callable[[Array], tuple[Array, Array, Array]]


def smooth(activation: str) -> Phi:
    """The right φ, φ', φ''; ReLU has no φ''."""
    return lambda a: (*FIRST_ORDER[activation](a, 2), a)[:3]


def at_output(activation: str) -> Phi:
    """φ' and φ'' taken at h = φ(a) where they belong at a."""

    def phi(a: Array) -> tuple[Array, Array, Array]:
        h = FIRST_ORDER[activation](a, 0)[0]
        return (h, *FIRST_ORDER[activation](h, 2)[1:], a)[:3]

    return phi


def bent(activation: str, factor: float) -> Phi:
    """φ'' times a factor."""

    def phi(a: Array) -> tuple[Array, Array, Array]:
        h, slope, bend = ACTIVATIONS[activation](a, 2)
        return h, slope, factor * bend

    return phi


def gate_for_slope(activation: str) -> Phi:
    """φ' of silu is the gate σ(a) alone, and φ'' that of the gate; other activations are right."""
    if activation != "silu":
        return smooth(activation)
    return lambda a: (*ACTIVATIONS["silu"](a, 0), *ACTIVATIONS["softplus"](a, 2)[1:])  # (log(1 + eᵃ))' = σ(a)


def transposed_where_square(theta: dict[str, Array]) -> dict[str, Array]:
    """Square weights the wrong way round; others would not fit and stay."""
    return {n: w.T if w.ndim == 2 and w.shape[0] == w.shape[1] else w for n, w in theta.items()}


def network(x: Array, theta: dict[str, Array], phi: Phi) -> Any:
    """As `mlp`, with φ given."""
    xp = namespace(x)
    depth = len(theta) // 2
    h, slopes = [x], []
    for layer in range(1, depth):
        value, slope, _ = phi(h[-1] @ theta[f"W{layer}"].T + theta[f"b{layer}"])
        h.append(value)
        slopes.append(slope)

    def pullback(bar: Array) -> dict[str, Any]:
        grads = {}
        for layer in range(depth, 0, -1):
            grads |= {f"W{layer}": bar.T @ h[layer - 1], f"b{layer}": xp.sum(bar, axis=0)}
            bar = bar @ theta[f"W{layer}"]
            if layer > 1:
                bar = slopes[layer - 2] * bar
        return {"x": bar, "theta": {name: grads[name] for name in theta}}

    return h[-1] @ theta[f"W{depth}"].T + theta[f"b{depth}"], pullback


def tangent(x: Array, x_dot: Array, theta: dict[str, Array], phi: Phi, bias: bool = False,
            mean: bool = False) -> Any:
    """As `mlp_tangent`, with φ given; `bias` adds the biases to the tangents as well, and `mean` takes the
    mean over the directions in the curvature term where their sum belongs."""
    xp = namespace(x)
    depth = len(theta) // 2
    shift = {layer: theta[f"b{layer}"] * (1 if bias else 0) for layer in range(1, depth + 1)}
    h, h_dot, a_dot, slopes, bends = [x], [x_dot], [], [], []
    for layer in range(1, depth):
        value, slope, bend = phi(h[-1] @ theta[f"W{layer}"].T + theta[f"b{layer}"])
        a_dot.append(h_dot[-1] @ theta[f"W{layer}"].T + shift[layer])
        h.append(value)
        h_dot.append(slope[:, None, :] * a_dot[-1])
        slopes.append(slope)
        bends.append(bend)
    weight = theta[f"W{depth}"].T
    outputs = h[-1] @ weight + theta[f"b{depth}"], h_dot[-1] @ weight + shift[depth]

    def pullback(bar: Array, bar_dot: Array) -> dict[str, Any]:
        grads = {}
        for layer in range(depth, 0, -1):
            weight = theta[f"W{layer}"]
            both = xp.sum(xp.matrix_transpose(bar_dot) @ h_dot[layer - 1], axis=0)
            grads[f"W{layer}"] = bar.T @ h[layer - 1] + both
            grads[f"b{layer}"] = xp.sum(bar, axis=0) + (xp.sum(bar_dot, axis=(0, 1)) if bias else 0)
            bar, bar_dot = bar @ weight, bar_dot @ weight
            if layer > 1:
                over = xp.mean if mean else xp.sum
                curved = bends[layer - 2] * over(a_dot[layer - 2] * bar_dot, axis=1)
                bar, bar_dot = slopes[layer - 2] * bar + curved, slopes[layer - 2][:, None, :] * bar_dot
        return {"x": bar, "x_dot": bar_dot, "theta": {name: grads[name] for name in theta}}

    return outputs, pullback
