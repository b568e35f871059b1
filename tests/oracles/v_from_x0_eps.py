"""The velocity, as it is defined."""

from .schedules import every


def value(xp, x0, eps, alpha_prod):
    a = every(xp, alpha_prod, x0)
    return xp.sqrt(a) * eps - xp.sqrt(1 - a) * x0
