"""What is left of a number when its hyperbolic tangent is taken off."""

from functools import cache
from typing import Any

from refdgm.namespace import Array, namespace

NEAR = 0.5  # below it the continued fraction, above it the difference, which then keeps all but four bits


@cache
def _levels(eps: Any) -> int:
    """How many levels of the continued fraction of tanh reach `eps` for |x| ≤ NEAR."""
    n, left = 1, 1.0
    while left > eps:
        n += 1
        left *= NEAR * NEAR / ((2 * n - 1) * (2 * n + 1))
    return n


def identity_minus_tanh(x: Array) -> Array:
    """x − tanh(x).

    From tanh x = x/(1 + r), r = x²/(3 + x²/(5 + …)), where the two cancel: all terms are positive.
    """
    xp = namespace(x)
    near = xp.abs(x) < NEAR
    small = xp.where(near, x, xp.zeros_like(x))
    square, r = small * small, xp.zeros_like(x)
    for n in range(_levels(float(xp.finfo(x.dtype).eps)), 0, -1):
        r = square / (2 * n + 1 + r)
    return xp.where(near, small * (r / (1 + r)), x - xp.tanh(x))
