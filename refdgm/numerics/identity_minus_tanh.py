"""What is left of a number when its hyperbolic tangent is taken off."""

from refdgm.namespace import Array, namespace

NEAR = 0.5  # below it the continued fraction, above it the difference, which then keeps all but four bits
LEVELS = 12  # of the continued fraction; there more than long doubles need


def identity_minus_tanh(x: Array) -> Array:
    """x − tanh(x).

    From tanh x = x/(1 + r), r = x²/(3 + x²/(5 + …)), where the two cancel: all terms are positive.
    """
    xp = namespace(x)
    near = xp.abs(x) < NEAR
    small = xp.where(near, x, xp.zeros_like(x))
    square, r = small * small, xp.zeros_like(x)
    for n in range(LEVELS, 0, -1):
        r = square / (2 * n + 1 + r)
    return xp.where(near, small * (r / (1 + r)), x - xp.tanh(x))
