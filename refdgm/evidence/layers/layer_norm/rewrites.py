"""Normalised vectors, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.layers.layer_norm import layer_norm, rms_norm


def through_the_jacobian(vector: Any, r: float, centring: Any, h: Any) -> Any:
    """h pulled back through a vector over r, by the matrix (C − v vᵀ/(D r²))/r of one position."""
    many = len(vector)
    return (centring - np.outer(vector, vector) / (many * r**2)) @ h / r


def at_every_position(x: Any, centred: bool, eps: Any) -> tuple[Any, Any, Any]:
    """The vectors, their roots, and what takes their mean off."""
    many = x.shape[2]
    centring = np.eye(many) - np.full((many, many), 1 / many) * centred
    vectors = x.reshape(-1, many)
    vectors = vectors - np.mean(vectors, axis=1, keepdims=True) * centred
    return vectors, np.sqrt(np.einsum("pd,pd->p", vectors, vectors) / many + eps), centring


def pulled(x: Any, found: tuple[Any, Any, Any], weight: Any, bar: Any) -> dict[str, Any]:
    vectors, roots, centring = found
    each = bar.reshape(vectors.shape)
    rows = [through_the_jacobian(v, r, centring, weight * g) for v, r, g in zip(vectors, roots, each, strict=True)]
    x_bar = np.stack(rows).reshape(x.shape) if rows else np.zeros_like(x)
    return {"x": x_bar, "weight": np.einsum("pd,pd,p->d", each, vectors, 1 / roots)}


@rewrite(rms_norm, name="a_jacobian_at_every_position")
def rms_by_jacobians(x: Any, weight: Any, eps: Any) -> Any:
    """The D × D matrix of every position, formed and multiplied."""
    found = at_every_position(x, False, eps)
    value = (found[0] / found[1][:, None]).reshape(x.shape) * weight
    return value, lambda bar: pulled(x, found, weight, bar)


@rewrite(layer_norm, name="a_jacobian_at_every_position")
def layer_by_jacobians(x: Any, weight: Any, bias: Any, eps: Any) -> Any:
    """The D × D matrix of every position, formed and multiplied."""
    found = at_every_position(x, True, eps)
    value = (found[0] / found[1][:, None]).reshape(x.shape) * weight + bias
    return value, lambda bar: pulled(x, found, weight, bar) | {"bias": np.einsum("bnd->d", bar)}
