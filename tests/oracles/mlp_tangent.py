"""A multilayer perceptron, and its Jacobian multiplied by one direction after the other."""

from . import networks


def value(xp, x, x_dot, theta, *, activation):
    jacobian = networks.mlp_jacobian(xp, x, theta, activation)
    moved = [xp.sum(jacobian * x_dot[:, r, None, :], axis=2) for r in range(x_dot.shape[1])]
    return networks.mlp(xp, x, theta, activation), xp.stack(moved, axis=1)
