"""Half the square of v's and the score's product plus v's quadratic form of the Jacobian, the mean over the v."""

from . import networks


def value(xp, x, probe, theta, *, score):
    s, jacobian = networks.score(xp, score, x, theta)
    projections = xp.sum(probe * s[:, None, :], axis=2)
    quadratic_forms = xp.sum((probe @ jacobian) * probe, axis=2)
    return xp.sum(projections**2 / 2 + quadratic_forms, axis=1) / probe.shape[1]
