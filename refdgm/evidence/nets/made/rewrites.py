"""The masked perceptron, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.nets.activation import FIRST_ORDER
from refdgm.nets.made import made
from refdgm.nets.mlp import mlp


def of(width: int, features: int) -> np.ndarray:
    return np.array([1 + k % (features - 1) if features > 1 else 0 for k in range(width)], dtype=int)


@rewrite(made)
def one_output_at_a_time(x: Any, theta: Any, *, activation: str) -> Any:
    """Output d by a network of the units that it may hear, which are those of a degree below its own."""
    many, depth = x.shape[1], len(theta) // 2
    degree = [np.arange(1, many + 1), *(of(theta[f"b{n}"].shape[0], many) for n in range(1, depth))]
    parts = []
    for d in range(1, many + 1):
        heard = [np.flatnonzero(each < d) for each in degree] + [np.array([d - 1])]
        joined = [degree[n][heard[n]][:, None] >= degree[n - 1][heard[n - 1]] for n in range(1, depth)]
        joined.append(np.ones((1, heard[-2].size), dtype=bool))
        entries = {}
        for n, mask in enumerate(joined, 1):
            entries[f"W{n}"] = theta[f"W{n}"][np.ix_(heard[n], heard[n - 1])] * mask
            entries[f"b{n}"] = theta[f"b{n}"][heard[n]]
        parts.append((heard, joined, mlp.body(x[:, heard[0]], entries, activation=activation)))

    def pullback(bar: Any) -> dict[str, Any]:
        x_bar, theta_bar = np.zeros_like(x), {n: np.zeros_like(e) for n, e in theta.items()}
        for d, (heard, joined, (_, back)) in enumerate(parts):
            grads = back(bar[:, d:d + 1])
            x_bar[:, heard[0]] += grads["x"]
            for n, mask in enumerate(joined, 1):
                theta_bar[f"W{n}"][np.ix_(heard[n], heard[n - 1])] += grads["theta"][f"W{n}"] * mask
                theta_bar[f"b{n}"][heard[n]] += grads["theta"][f"b{n}"]
        return {"x": x_bar, "theta": theta_bar}

    return np.concatenate([y for _, _, (y, _) in parts], axis=1), pullback


@rewrite(made)
def masks_from_triangles(x: Any, theta: Any, *, activation: str) -> Any:
    """Masks picked as rows and columns of one triangle, features first, products by einsum."""
    many, depth = x.shape[1], len(theta) // 2
    lower = np.tril(np.ones((many + 1, many + 1)))
    order, h, kept, masks = np.arange(1, many + 1), x.T, [], []
    for n in range(1, depth + 1):
        here = of(theta[f"b{n}"].shape[0], many) if n < depth else np.arange(many)
        masks.append(lower[here][:, order])
        a = np.einsum("ij,ij,jb->ib", masks[-1], theta[f"W{n}"], h) + theta[f"b{n}"][:, None]
        kept.append((h, a))
        h, order = (FIRST_ORDER[activation](a, 0)[0] if n < depth else a), here

    def pullback(bar: Any) -> dict[str, Any]:
        bar, grads = bar.T, {}
        for n in range(depth, 0, -1):
            inner, a = kept[n - 1]
            bar = bar * FIRST_ORDER[activation](a, 1)[1] if n < depth else bar
            grads |= {f"W{n}": np.einsum("ij,ib,jb->ij", masks[n - 1], bar, inner), f"b{n}": np.sum(bar, axis=1)}
            bar = np.einsum("ij,ij,ib->jb", masks[n - 1], theta[f"W{n}"], bar)
        return {"x": bar.T, "theta": {name: grads[name] for name in theta}}

    return h.T, pullback
