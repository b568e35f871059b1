"""Modulated vectors, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.layers.adaln_modulation import adaln_modulation


@rewrite(adaln_modulation)
def a_jacobian_at_every_position(x: Any, shift: Any, scale: Any, eps: Any) -> Any:
    """The D × D matrix of every position, formed and multiplied."""
    many = x.shape[2]
    centring = np.eye(many) - np.full((many, many), 1 / many)
    value, saved = np.empty_like(x), {}
    for b, p in np.ndindex(x.shape[:2]):
        c = x[b, p] - np.mean(x[b, p])
        r = np.sqrt(c @ c / many + eps)
        saved[b, p] = c, r
        value[b, p] = c / r + scale[b] * (c / r) + shift[b]

    def pullback(bar: Any) -> dict[str, Any]:
        grads = {"x": np.empty_like(x), "shift": np.einsum("bnd->bd", bar), "scale": np.zeros_like(scale)}
        for (b, p), (c, r) in saved.items():
            jacobian = (centring - np.outer(c, c) / (many * r**2)) / r * (1 + scale[b])
            grads["x"][b, p] = jacobian @ bar[b, p]
            grads["scale"][b] += bar[b, p] * c / r
        return grads

    return value, pullback
