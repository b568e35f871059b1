"""The Inception Score, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.metrics.inception_score import inception_score
from refdgm.primitives.softmax import log_softmax


@rewrite(inception_score)
def of_entropies(logits: Any) -> Any:
    """exp(H(m) − mean H(p)), with the marginal's logarithm from the largest sample."""
    s, right = log_softmax.body(logits)
    p, top, many = np.exp(s), np.max(s, axis=0), len(s)
    log_m = top + np.log(np.sum(np.exp(s - top), axis=0) / many)
    value = np.exp(np.sum(p * s) / many - np.sum(np.exp(log_m) * log_m))

    def pullback(bar: Any) -> dict[str, Any]:
        return right(bar * value / many * p * (s - log_m))

    return value, pullback
