"""From one end to the other, and beyond both."""

from refdgm.namespace import Array, namespace


def half_apart(x: Array, y: Array) -> Array:
    """(x − y) / 2.

    The difference of two large numbers may be twice the largest there is, that of their halves is not.
    """
    return x / 2 - y / 2


def lerp(start: Array, end: Array, half: Array, share: Array) -> Array:
    """start + share · (end − start), of half = (end − start) / 2.

    Counted from the end that `share` is nearer to: 0 and 1 return the ends themselves.
    """
    xp = namespace(start)
    near = share >= 0.5
    return xp.where(near, end, start) + 2 * (xp.where(near, share - 1, share) * half)
