"""Log-sum-exp, softmax and log-softmax, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.primitives.softmax import log_softmax, log_sum_exp, softmax


@rewrite(log_sum_exp)
def by_pairs(logits: Any) -> Any:
    """logaddexp from the left; the gradient as e^{ℓ − A}."""
    total = np.logaddexp.reduce(logits, axis=1)
    return total, lambda bar: {"logits": bar[:, None] * np.exp(logits - total[:, None])}


@rewrite(log_sum_exp)
def not_shifted(logits: Any) -> Any:
    """log Σ e^ℓ as it stands."""
    e = np.exp(logits)
    total = np.sum(e, axis=1)
    return np.log(total), lambda bar: {"logits": (e.T * (bar / total)).T}


@rewrite(softmax)
def exponential_of_log_softmax(logits: Any) -> Any:
    """y = exp(log y), and the gradient by that of log y."""
    s, right = log_softmax.body(logits)
    y = np.exp(s)
    return y, lambda bar: right(bar * y)


@rewrite(softmax)
def by_the_matrix(logits: Any) -> Any:
    """diag(y) − y yᵀ as a matrix."""
    e = np.exp(logits)
    y = e / np.sum(e, axis=1, keepdims=True)
    jacobian = y[:, :, None] * np.eye(y.shape[1]) - y[:, :, None] * y[:, None, :]
    return y, lambda bar: {"logits": np.einsum("bij,bj->bi", jacobian, bar)}


@rewrite(softmax)
def odds_against_each(logits: Any) -> Any:
    """y_j = 1 / Σ_i e^{ℓ_i − ℓ_j}, and a sum over pairs for the gradient: y_j Σ_i y_i (y_bar_j − y_bar_i)."""
    y = 1 / np.sum(np.exp(logits[:, None, :] - logits[:, :, None]), axis=2)
    return y, lambda bar: {
        "logits": y * np.sum(y[:, None, :] * (bar[:, :, None] - bar[:, None, :]), axis=2)
    }


@rewrite(log_softmax)
def less_the_log_normaliser(logits: Any) -> Any:
    """ℓ − log Σ e^ℓ, and s_bar − y Σ s_bar as it stands."""
    s = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    return s, lambda bar: {"logits": bar - np.exp(s) * np.sum(bar, axis=1, keepdims=True)}


@rewrite(log_softmax)
def normalised_twice(logits: Any) -> Any:
    """The log-softmax of a log-softmax, which is the same."""
    body = log_softmax.body
    s, first = body(logits)
    s, second = body(s)
    return s, lambda bar: first(second(bar)["logits"])
