"""The logarithm of what a part leaves."""

from refdgm.namespace import Array, namespace


def log_of_rest(part: Array, rest: Array) -> Array:
    """log(1 − p).

    Of p and 1 − p, both given with all their digits: from the smaller of the two.
    """
    xp = namespace(part)
    small = part < rest
    return xp.where(small, xp.log1p(-xp.where(small, part, xp.zeros_like(part))), xp.log(rest))
