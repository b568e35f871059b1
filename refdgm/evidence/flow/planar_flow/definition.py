"""x = f_L(… f_1(z)), and the sum of the logarithms of the layers' determinants."""

from refdgm.evidence.flow.planar_transform.definition import planar_transform, planar_transform__usual


def chained(xp, one_layer, z, u, w, b, constraint):
    """One layer after the other, each with its own u, w and b."""
    total = 0 * xp.sum(z, axis=1)
    for layer in range(u.shape[0]):
        z, log_det = one_layer(xp, z, u[layer], w[layer], b[layer], constraint=constraint)
        total = total + log_det
    return z, total


def planar_flow(xp, z, u, w, b, *, constraint):
    return chained(xp, planar_transform, z, u, w, b, constraint)


def planar_flow__usual(xp, z, u, w, b, *, constraint):
    """Of layers as libraries of flows have them."""
    return chained(xp, planar_transform__usual, z, u, w, b, constraint)
