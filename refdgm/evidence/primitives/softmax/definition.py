"""Exponentials, their sum and their quotient.

Differentiating a quotient subtracts what a winner has in common with the sum. `…__differentiated` is the same function
as one category's odds against each of the others, where nothing cancels. The plain texts overflow beyond e^709, so
authors take the largest logit off first: with a stopped gradient (`…__usual`) or without (`…__shifted`).
"""

from refdgm.evidence import traced


def log_sum_exp(xp, logits):
    """The logarithm of a sum of exponentials."""
    return xp.log(xp.sum(xp.exp(logits), axis=1))


def log_sum_exp__usual(xp, logits):
    """With the derivative that libraries print."""
    return traced.log_sum_exp(logits, 1)


def log_sum_exp__shifted(xp, logits):
    top = xp.max(logits, axis=1)
    return top + xp.log(xp.sum(xp.exp(logits - top[:, None]), axis=1))


def softmax(xp, logits):
    """Exponentials over their sum."""
    weights = xp.exp(logits)
    return weights / xp.sum(weights, axis=1, keepdims=True)


def softmax__differentiated(xp, logits):
    columns = range(logits.shape[1])
    against = [[xp.exp(logits[:, i] - logits[:, j]) for i in columns if i != j] for j in columns]
    return xp.stack([1 / (xp.exp(0 * logits[:, j]) + sum(against[j])) for j in columns], axis=1)


def softmax__usual(xp, logits):
    return softmax(xp, traced.below_the_largest(logits, 1))


def softmax__shifted(xp, logits):
    return softmax(xp, logits - xp.max(logits, axis=1, keepdims=True))


def log_softmax(xp, logits):
    """The logarithm of softmax."""
    return xp.log(softmax(xp, logits))


def log_softmax__differentiated(xp, logits):
    return xp.log(softmax__differentiated(xp, logits))


def log_softmax__usual(xp, logits):
    z = traced.below_the_largest(logits, 1)
    return z - log_sum_exp(xp, z)[:, None]


def log_softmax__shifted(xp, logits):
    z = logits - xp.max(logits, axis=1, keepdims=True)
    return z - log_sum_exp(xp, z)[:, None]


def log_softmax__normalised(xp, logits):
    return logits - log_sum_exp__usual(xp, logits)[:, None]


def log_softmax__normalised_and_shifted(xp, logits):
    return logits - log_sum_exp__shifted(xp, logits)[:, None]
