"""The logarithm of the logistic function."""


def value(xp, x):
    return xp.log(1 / (1 + xp.exp(-x)))
