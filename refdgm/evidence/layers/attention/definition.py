"""A softmax of products over the keys, which weighs the values; and the logarithm of its denominator.

Authors take the largest score off first, which no definition does.
"""

from refdgm.evidence import traced


def products(xp, query, key):
    return xp.stack([xp.sum(query * key[:, j : j + 1], axis=2) for j in range(key.shape[1])], axis=2)


def weighed(xp, shares, value):
    return sum(shares[:, :, j : j + 1] * value[:, j : j + 1] for j in range(value.shape[1]))


def attention(xp, query, key, value, bias, scale):
    weights = xp.exp(scale * products(xp, query, key) + bias)
    total = xp.sum(weights, axis=2, keepdims=True)
    return weighed(xp, weights / total, value), xp.log(total)[:, :, 0]


def of_scores(xp, scores, value):
    """The largest score taken off, and its gradient stopped."""
    z = traced.below_the_largest(scores, 2)
    weights = xp.exp(z)
    shares = weights / xp.sum(weights, axis=2, keepdims=True)
    return shares @ value, traced.log_sum_exp(scores, 2)


def attention__usual(xp, query, key, value, bias, scale):
    return of_scores(xp, scale * (query @ xp.swapaxes(key, 1, 2)) + bias, value)


def attention__scaled(xp, query, key, value, bias, scale):
    """The queries multiplied first."""
    return of_scores(xp, (scale * query) @ xp.swapaxes(key, 1, 2) + bias, value)


def attention__normalised(xp, query, key, value, bias, scale):
    """Shares from the log-normaliser, as kernels form them again."""
    scores = scale * (query @ xp.swapaxes(key, 1, 2)) + bias
    lse = traced.log_sum_exp(scores, 2)
    return xp.exp(scores - lse[:, :, None]) @ value, lse
