"""The score before its exponential."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.metrics.inception_score import inception_score
from refdgm.namespace import Array, namespace
from refdgm.primitives.softmax import log_softmax

BODY = inception_score.body


@variant("its logarithm, in nats", inception_score)
def mutual_information(logits: Array) -> Any:
    """log IS, the mutual information of sample and class, as a term of a loss."""
    xp = namespace(logits)
    score, right = BODY(logits)
    s = log_softmax.body(logits)[0]
    top = xp.max(s, axis=0)
    log_m = top + xp.log(xp.mean(xp.exp(s - top), axis=0))
    return xp.sum(xp.exp(s) * (s - log_m)) / s.shape[0], lambda bar: right(bar / score)
