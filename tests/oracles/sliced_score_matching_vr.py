"""Half the squared norm of the score plus the mean of the quadratic forms of its Jacobian."""

from . import networks


def value(xp, x, probe, theta, *, score):
    s, jacobian = networks.score(xp, score, x, theta)
    quadratic_forms = xp.sum((probe @ jacobian) * probe, axis=2)
    return xp.sum(s**2, axis=1) / 2 + xp.sum(quadratic_forms, axis=1) / probe.shape[1]
