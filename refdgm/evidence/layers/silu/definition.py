"""A number times a logistic function of it, and times half of one and a hyperbolic tangent."""

from refdgm.evidence import traced


def silu(xp, x):
    return x / (1 + xp.exp(-x))


def silu__usual(xp, x):
    return x * traced.sigmoid(x)


def gelu_tanh(xp, x):
    return x * (1 + xp.tanh(xp.sqrt(2 / xp.pi + 0 * x) * (x + 44715 * x**3 / 10**6))) / 2


def gelu_tanh__differentiated(xp, x):
    """By the logistic function: 1 + tanh has no digits below zero."""
    return x / (1 + xp.exp(-2 * xp.sqrt(2 / xp.pi + 0 * x) * (x + 44715 * x**3 / 10**6)))


def gelu_tanh__usual(xp, x):
    return x * (1 + traced.tanh((2 / xp.pi) ** 0.5 * (x + 44715 * x**3 / 10**6))) / 2


def gelu_tanh__logistic(xp, x):
    return x * traced.sigmoid((8 / xp.pi) ** 0.5 * (x + 44715 * x**3 / 10**6))
