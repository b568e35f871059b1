"""A mean of divergences from the mean, and its exponential."""

from refdgm.evidence import traced
from refdgm.evidence.primitives.softmax.definition import (
    log_softmax__usual,
    softmax,
    softmax__differentiated,
)


def score(xp, p):
    marginal = xp.sum(p, axis=0) / p.shape[0]
    return xp.exp(xp.sum(p * (xp.log(p) - xp.log(marginal))) / p.shape[0])


def inception_score(xp, logits):
    return score(xp, softmax(xp, logits))


def inception_score__differentiated(xp, logits):
    return score(xp, softmax__differentiated(xp, logits))


def inception_score__usual(xp, logits):
    """With a library's log-softmax, and a log-sum-exp over the samples."""
    s = log_softmax__usual(xp, logits)
    marginal = traced.log_sum_exp(s, 0) - xp.log(1.0 * len(s))
    return xp.exp(xp.sum(xp.exp(s) * (s - marginal)) / len(s))


def inception_score__entropies(xp, logits):
    """The entropy of the mean less the mean of the entropies."""
    s = log_softmax__usual(xp, logits)
    marginal = traced.log_sum_exp(s, 0) - xp.log(1.0 * len(s))
    return xp.exp(xp.sum(xp.exp(s) * s) / len(s) - xp.sum(xp.exp(marginal) * marginal))
