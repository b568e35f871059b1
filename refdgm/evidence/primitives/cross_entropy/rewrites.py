"""The cross-entropy of labels, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.primitives.cross_entropy import cross_entropy
from refdgm.primitives.softmax import log_sum_exp


@rewrite(cross_entropy)
def of_the_normaliser(logits: Any, target: Any) -> Any:
    """Σt · A − ⟨t, ℓ⟩, with the slope of the log-normaliser, which is softmax."""
    total, back = log_sum_exp.body(logits)
    mass = np.sum(target, axis=1)
    return mass * total - np.sum(target * logits, axis=1), lambda bar: {
        "logits": back(bar * mass)["logits"] - bar[:, None] * target,
        "target": bar[:, None] * (total[:, None] - logits)}


@rewrite(cross_entropy)
def label_by_label(logits: Any, target: Any) -> Any:
    """Every category as if it were the label, weighed by its share: log Σ e^{ℓ_i − ℓ_j} of each."""
    with np.errstate(over="ignore"):
        apart = logits[:, None, :] - logits[:, :, None]
    top = np.max(apart, axis=2)
    costs = top + np.log(np.sum(np.exp(apart - top[:, :, None]), axis=2))
    y = np.exp(-costs)

    def pullback(bar: Any) -> dict[str, Any]:
        mass = np.sum(target, axis=1, keepdims=True)
        return {"logits": bar[:, None] * (y * mass - target), "target": bar[:, None] * costs}

    return np.sum(target * costs, axis=1), pullback
