"""The chance of the right key among all, by a softmax of products, and its logarithm."""

from refdgm.evidence import traced


def products(xp, query, key, tau):
    return xp.stack([xp.sum(query * key[j], axis=1) for j in range(key.shape[0])], axis=1) / tau


def info_nce(xp, query, key, tau):
    weights = xp.exp(products(xp, query, key, tau))
    return -sum(xp.log(row[i] / xp.sum(row)) for i, row in enumerate(weights)) / len(weights)


def info_nce__differentiated(xp, query, key, tau):
    """As the odds of all the others against one."""
    logits = products(xp, query, key, tau)
    others = [sum(xp.exp(row[j] - row[i]) for j in range(len(logits)) if j != i) for i, row in enumerate(logits)]
    return sum(xp.log(1 + other) + 0 * tau for other in others) / len(logits)


def info_nce__usual(xp, query, key, tau):
    """A table of products, and the library's log-sum-exp."""
    logits = xp.dot(query, xp.transpose(key)) / tau
    return xp.sum(traced.log_sum_exp(logits, 1) - xp.sum(query * key, axis=1) / tau) / len(logits)


def info_nce__labels(xp, query, key, tau):
    """The diagonal of a log-softmax."""
    logits = xp.dot(query / tau, xp.transpose(key))
    z = traced.below_the_largest(logits, 1)
    s = z - xp.log(xp.sum(xp.exp(z), axis=1, keepdims=True))
    return -xp.sum(s * xp.eye(len(s))) / len(s)
