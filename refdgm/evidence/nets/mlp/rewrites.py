"""The perceptron and its tangent, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.nets.activation import FIRST_ORDER
from refdgm.nets.mlp import mlp, mlp_tangent


@rewrite(mlp)
def one_example_at_a_time(x: Any, theta: Any, *, activation: str) -> Any:
    """Every example on its own; the parameters' gradients are added up in a loop."""
    single = [mlp.body(row[None], theta, activation=activation) for row in x]

    def pullback(bar: Any) -> dict[str, Any]:
        each = [right(bar[i : i + 1]) for i, (_, right) in enumerate(single)]
        return {
            "x": np.concatenate([g["x"] for g in each]),
            "theta": {name: sum(g["theta"][name] for g in each) for name in theta},
        }

    return np.concatenate([y for y, _ in single]), pullback


@rewrite(mlp)
def biases_as_a_column(x: Any, theta: Any, *, activation: str) -> Any:
    """[W b] [h 1]ᵀ in one product, features first."""
    depth, h, kept = len(theta) // 2, x.T, []
    for layer in range(1, depth + 1):
        full = np.concatenate([theta[f"W{layer}"], theta[f"b{layer}"][:, None]], axis=1)
        a = np.einsum("ij,jb->ib", full, np.concatenate([h, np.ones_like(h[:1])]))
        kept.append((h, a))
        h = FIRST_ORDER[activation](a, 0)[0] if layer < depth else a

    def pullback(bar: Any) -> dict[str, Any]:
        bar, grads = bar.T, {}
        for layer in range(depth, 0, -1):
            if layer < depth:
                bar = bar * FIRST_ORDER[activation](kept[layer - 1][1], 1)[1]
            inner = np.concatenate([kept[layer - 1][0], np.ones_like(bar[:1])])
            both = np.einsum("ib,jb->ij", bar, inner)
            grads |= {f"W{layer}": both[:, :-1], f"b{layer}": both[:, -1]}
            bar = np.einsum("ij,ib->jb", theta[f"W{layer}"], bar)
        return {"x": bar.T, "theta": {name: grads[name] for name in theta}}

    return h.T, pullback


@rewrite(mlp)
def relu_as_half_of_a_plus_its_size(x: Any, theta: Any, *, activation: str) -> Any:
    """ReLU as (a + |a|)/2, its slope as (1 + sign a)/2; other activations as they are."""
    if activation != "relu":
        return mlp.body(x, theta, activation=activation)
    depth, h, kept = len(theta) // 2, x, []
    for layer in range(1, depth + 1):
        a = h @ theta[f"W{layer}"].T + theta[f"b{layer}"]
        kept.append((h, a))
        h = (a + np.abs(a)) / 2 if layer < depth else a

    def pullback(bar: Any) -> dict[str, Any]:
        grads = {}
        for layer in range(depth, 0, -1):
            inner, a = kept[layer - 1]
            bar = bar * (1 + np.sign(a)) / 2 if layer < depth else bar
            grads |= {f"W{layer}": np.einsum("be,bd->ed", bar, inner), f"b{layer}": np.sum(bar, axis=0)}
            bar = bar @ theta[f"W{layer}"]
        return {"x": bar, "theta": {name: grads[name] for name in theta}}

    return h, pullback


@rewrite(mlp_tangent)
def one_direction_at_a_time(x: Any, x_dot: Any, theta: Any, *, activation: str) -> Any:
    """Each direction with a network evaluation of its own; the gradients are added up."""
    count = x_dot.shape[1]
    body = mlp_tangent.body
    single = [body(x, x_dot[:, r : r + 1], theta, activation=activation) for r in range(count)]

    def pullback(y_bar: Any, y_dot_bar: Any) -> dict[str, Any]:
        each = [right(y_bar / count, y_dot_bar[:, r : r + 1]) for r, (_, right) in enumerate(single)]
        return {
            "x": sum(g["x"] for g in each),
            "x_dot": np.concatenate([g["x_dot"] for g in each], axis=1),
            "theta": {name: sum(g["theta"][name] for g in each) for name in theta},
        }

    return (single[0][0][0], np.concatenate([outputs[1] for outputs, _ in single], axis=1)), pullback
