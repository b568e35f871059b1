"""The logarithm of one plus an exponential."""


def value(xp, x):
    return xp.log(1 + xp.exp(x))
