"""Softplus and log-sigmoid, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.primitives.softmax import log_softmax
from refdgm.primitives.softplus import log_sigmoid, softplus


@rewrite(softplus)
def as_it_is_defined(x: Any) -> Any:
    """log(1 + eˣ), and eˣ/(1 + eˣ)."""
    e = np.exp(x)
    return np.log(1 + e), lambda bar: {"x": bar * e / (1 + e)}


@rewrite(softplus)
def minus_log_sigmoid(x: Any) -> Any:
    """−log σ(−x)."""
    y, right = log_sigmoid.body(-x)
    return -y, lambda bar: right(bar)


@rewrite(log_sigmoid)
def log_of_sigmoid(x: Any) -> Any:
    """log σ(x) as it is defined, and 1 − σ(x) for its slope."""
    p = 1 / (1 + np.exp(-x))
    return np.log(p), lambda bar: {"x": bar * (1 - p)}


@rewrite(log_sigmoid)
def of_two_logits(x: Any) -> Any:
    """The log-softmax of (x, 0), first entry."""
    pair = np.stack([x.ravel(), 0 * x.ravel()], axis=1)
    s, right = log_softmax.body(pair)

    def pullback(bar: Any) -> dict[str, Any]:
        first = np.stack([bar.ravel(), 0 * bar.ravel()], axis=1)
        return {"x": right(first)["logits"][:, 0].reshape(x.shape)}

    return s[:, 0].reshape(x.shape), pullback
