"""Normalised groups of channels, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.layers.group_norm import group_norm


@rewrite(group_norm)
def group_after_group(x: Any, weight: Any, bias: Any, eps: Any) -> Any:
    """Every group of every example by itself, with the gradient through the sums of PyTorch's kernel."""
    many = x.shape[2] * x.shape[3]
    value, saved = np.empty_like(x), []
    for b, g in np.ndindex(x.shape[:2]):
        c = x[b, g] - np.mean(x[b, g])
        rstd = 1 / np.sqrt(np.mean(np.square(c)) + eps)
        value[b, g] = c * (rstd * weight[g])[:, None] + bias[g][:, None]
        saved.append((b, g, c, rstd))

    def pullback(bar: Any) -> dict[str, Any]:
        grads = {"x": np.empty_like(x), "weight": np.zeros_like(weight), "bias": np.zeros_like(bias)}
        for b, g, c, rstd in saved:
            ds, db = np.sum(bar[b, g] * c, axis=1), np.sum(bar[b, g], axis=1)  # of every channel
            h = bar[b, g] * weight[g][:, None]
            slope = np.sum(ds * weight[g]) * rstd**3 / many
            grads["x"][b, g] = rstd * (h - np.sum(db * weight[g]) / many) - slope * c
            grads["weight"][g] += ds * rstd
            grads["bias"][g] += db
        return grads

    return value, pullback
