"""Contrastive divergence, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.contrastive_divergence import contrastive_divergence
from refdgm.evidence.declare import rewrite


@rewrite(contrastive_divergence)
def example_by_example(v: Any, v_model: Any, W: Any, b: Any, c: Any) -> Any:
    """A loop over both batches; each example adds its share to every gradient."""
    value, W_bar, b_bar, c_bar = 0.0, np.zeros_like(W), np.zeros_like(b), np.zeros_like(c)
    for batch, sign in ((v, 1.0), (v_model, -1.0)):
        for x in batch:
            a = W @ x + c
            weight = sign / len(batch)
            p = np.exp(-np.logaddexp(0, -a))
            value = value - weight * (b @ x + np.sum(np.logaddexp(0, a)))
            W_bar, b_bar, c_bar = W_bar - weight * np.outer(p, x), b_bar - weight * x, c_bar - weight * p
    return np.asarray(value, v.dtype), lambda bar: {"W": bar * W_bar, "b": bar * b_bar, "c": bar * c_bar}


@rewrite(contrastive_divergence)
def by_moments(v: Any, v_model: Any, W: Any, b: Any, c: Any) -> Any:
    """Moments of both batches by one weighted sum over all of their examples."""
    both = np.concatenate([v, v_model])
    weights = np.concatenate([np.full(len(v), -1 / len(v)), np.full(len(v_model), 1 / len(v_model))]).astype(v.dtype)
    a = both @ W.T + c
    p = np.exp(np.minimum(a, 0)) / (1 + np.exp(-abs(a)))
    value = np.einsum("n,nd,d->", weights, both, b) + np.einsum("n,nh->", weights, np.logaddexp(0, a))
    return np.asarray(value), lambda bar: {"W": np.einsum("n,nh,nd->hd", bar * weights, p, both),
                                           "b": bar * (weights @ both), "c": bar * (weights @ p)}
