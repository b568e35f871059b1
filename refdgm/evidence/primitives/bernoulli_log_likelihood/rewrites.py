"""The log-likelihood of binary choices, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.numerics.components import against
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood
from refdgm.primitives.softmax import log_softmax


@rewrite(bernoulli_log_likelihood)
def by_two_logarithms(logits: Any, x: Any) -> Any:
    """x log σ(l) + (1 − x) log σ(−l), each a log-sum of two exponentials, and x − σ(l)."""
    yes, no = -np.logaddexp(0, -logits), -np.logaddexp(0, logits)
    value = np.sum((x * yes + (1 - x) * no).reshape(len(x), -1), axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        each = against(bar, x)
        return {"logits": each * (x * np.exp(no) - (1 - x) * np.exp(yes)), "x": each * (yes - no)}

    return value, pullback


@rewrite(bernoulli_log_likelihood)
def of_two_categories(logits: Any, x: Any) -> Any:
    """A categorical law of the logits l and 0, with the shares x and 1 − x."""
    flat = logits.reshape(-1)
    logs, right = log_softmax.body(np.stack([flat, 0 * flat], axis=1))
    shares = np.stack([x.reshape(-1), 1 - x.reshape(-1)], axis=1)
    value = np.sum(np.sum(logs * shares, axis=1).reshape(x.shape[0], -1), axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        each = (against(bar, x) + 0 * x).reshape(-1, 1)
        back = right(each * shares)["logits"][:, 0]
        return {"logits": back.reshape(x.shape), "x": (each[:, 0] * (logs[:, 0] - logs[:, 1])).reshape(x.shape)}

    return value, pullback
