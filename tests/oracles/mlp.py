"""A multilayer perceptron."""

from . import networks


def value(xp, x, theta, *, activation):
    return networks.mlp(xp, x, theta, activation)
