"""Logistic functions of what comes from below and from above, in turn."""

from refdgm.evidence import traced


def logistic(xp, a):
    return 1 / (1 + xp.exp(-a))


def settled(v, start, W1, W2, c1, c2, iterations, sigma):
    mean2 = start
    for _ in range(iterations):
        mean1 = sigma(v @ W1.T + mean2 @ W2 + c1)
        mean2 = sigma(mean1 @ W2.T + c2)
    return mean1, mean2


def dbm_mean_field(xp, v, start, W1, W2, c1, c2, *, iterations):
    return settled(v, start, W1, W2, c1, c2, iterations, lambda a: logistic(xp, a))


def dbm_mean_field__usual(xp, v, start, W1, W2, c1, c2, *, iterations):
    """A library's logistic function."""
    return settled(v, start, W1, W2, c1, c2, iterations, traced.sigmoid)


def dbm_mean_field__halved(xp, v, start, W1, W2, c1, c2, *, iterations):
    """Half of one plus a hyperbolic tangent."""
    return settled(v, start, W1, W2, c1, c2, iterations, lambda a: 0.5 * (1 + traced.tanh(0.5 * a)))
