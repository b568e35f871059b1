"""The normal law of a Brownian path at one time, given its values at an earlier and a later one."""


def brownian_bridge(xp, left, right, eps, h, share):
    one = (-1,) + (1,) * (left.ndim - 1)
    s, h = xp.reshape(share, one), xp.reshape(h, one)
    return left + s * (right - left) + xp.sqrt(h * s * (1 - s)) * eps
