"""The logarithm of one plus an exponential, and of the logistic function."""

from refdgm.evidence import traced


def softplus(xp, x):
    return xp.log(1 + xp.exp(x))


def softplus__usual(xp, x):
    return traced.softplus(x)


def softplus__linear(xp, x):
    return traced.linear_softplus(x)


def log_sigmoid(xp, x):
    return xp.log(1 / (1 + xp.exp(-x)))


def log_sigmoid__usual(xp, x):
    return -traced.softplus(-x)


def log_sigmoid__linear(xp, x):
    return -traced.linear_softplus(-x)
