"""Less the mean of a logarithm."""

from refdgm.evidence import traced
from refdgm.evidence.primitives.softmax.definition import log_softmax__usual, softmax, softmax__differentiated


def cross_entropy(xp, logits, target):
    return -xp.sum(target * xp.log(softmax(xp, logits)), axis=1)


def cross_entropy__differentiated(xp, logits, target):
    return -xp.sum(target * xp.log(softmax__differentiated(xp, logits)), axis=1)


def cross_entropy__usual(xp, logits, target):
    """From log-probabilities."""
    return -xp.sum(target * log_softmax__usual(xp, logits), axis=1)


def cross_entropy__normaliser(xp, logits, target):
    """The log-normaliser, as often as the target says, less the logits of the target."""
    return xp.sum(target, axis=1) * traced.log_sum_exp(logits, 1) - xp.sum(target * logits, axis=1)
