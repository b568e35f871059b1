"""Energies and scores, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.energy_score import energy_score
from refdgm.evidence.declare import rewrite
from refdgm.nets.activation import ACTIVATIONS
from refdgm.nets.mlp import mlp, mlp_tangent


@rewrite(energy_score)
def by_backpropagation_and_a_tangent(x: Any, theta: Any, *, activation: str) -> Any:
    """The score from the network's pullback; its gradient from the network's tangent along s_bar, of which nothing is
    shared with the value."""
    y, back = mlp.body(x, theta, activation=activation)

    def pullback(energy_bar: Any, score_bar: Any) -> dict[str, Any]:
        _, right = mlp_tangent.body(x, score_bar[:, None, :], theta, activation=activation)
        grads = right(energy_bar[:, None], -np.ones((len(x), 1, 1)))
        return {"x": grads["x"], "theta": grads["theta"]}

    return (y[:, 0], -back(np.ones_like(y))["x"]), pullback


@rewrite(energy_score)
def by_the_hessian(x: Any, theta: Any, *, activation: str) -> Any:
    """Every example by itself: the Jacobian of each layer in x, the Hessian of E as a matrix, and of each weight the
    derivative of the whole gradient."""
    depth = len(theta) // 2
    weights = [theta[f"W{layer}"] for layer in range(1, depth + 1)]
    found = [_of_one(row, weights, theta, activation) for row in x]
    energy, slope = np.asarray([one[0] for one in found]), np.reshape([one[1] for one in found], x.shape)

    def pullback(energy_bar: Any, score_bar: Any) -> dict[str, Any]:
        x_bar = [e * one[1] - one[2] @ s for e, s, one in zip(energy_bar, score_bar, found, strict=True)]
        grads = {name: 0 * entry for name, entry in theta.items()}
        for e, s, one in zip(energy_bar, score_bar, found, strict=True):
            for layer, (h, ways, delta, bent) in enumerate(one[3], 1):
                along = e * delta - bent @ s
                grads[f"b{layer}"] = grads[f"b{layer}"] + along
                both = np.multiply.outer(along, h) - np.multiply.outer(delta, ways @ s)
                grads[f"W{layer}"] = grads[f"W{layer}"] + both
        return {"x": np.reshape(x_bar, x.shape), "theta": grads}

    return (energy, -slope), pullback


def _of_one(x: Any, weights: Any, theta: Any, activation: str) -> Any:
    """E, ∂E/∂x, ∂²E/∂x² and of each layer its input, ∂input/∂x, δ and ∂δ/∂x."""
    h, ways, kept = x, np.eye(len(x)), []
    for layer, weight in enumerate(weights, 1):
        a, a_ways = weight @ h + theta[f"b{layer}"], weight @ ways
        kept.append((h, ways, a, a_ways))
        h, slope = ACTIVATIONS[activation](a, 1)
        ways = slope[:, None] * a_ways
    delta, bent, parts = np.ones(1), np.zeros((1, len(x))), []
    for layer in range(len(weights), 0, -1):
        h, ways, a, _ = kept[layer - 1]
        parts.insert(0, (h, ways, delta, bent))
        back, back_bent = weights[layer - 1].T @ delta, weights[layer - 1].T @ bent
        if layer > 1:
            _, slope, bend = ACTIVATIONS[activation](kept[layer - 2][2], 2)
            delta = slope * back
            bent = slope[:, None] * back_bent + (bend * back)[:, None] * kept[layer - 2][3]
    return kept[-1][2][0], back, back_bent, parts
