"""Quotients of lengths, which may be zero."""

from refdgm.namespace import Array, namespace


def or_one(y: Array) -> Array:
    """y, for y > 0.

    1 where it is zero: to divide by, where the quotient is not taken or its numerator is zero too.
    """
    xp = namespace(y)
    return xp.where(y > 0, y, xp.ones_like(y))


def quotient(x: Array, y: Array, otherwise: float) -> Array:
    """x / y, for y > 0.

    `otherwise` where y is zero.
    """
    return namespace(y).where(y > 0, x / or_one(y), otherwise)
