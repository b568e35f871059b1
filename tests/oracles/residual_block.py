"""x + F(x)."""

from . import networks


def value(xp, z, theta, *, branch):
    return networks.score(xp, branch, z, theta)[0] + z
