"""What a hyperbolic tangent is above the line through its point that has its slope and passes through zero."""

from refdgm.namespace import Array, namespace
from refdgm.numerics.identity_minus_tanh import identity_minus_tanh

BEYOND = 1 << 10  # u sech² u is 0 there in all dtypes


def sech_squared(u: Array) -> Array:
    """1 − tanh(u)².

    As (e^{−|u|} (1 + |tanh u|))², which has its digits where tanh u is nearly one.
    """
    xp = namespace(u)
    one = xp.exp(-xp.abs(u)) * (1 + xp.abs(xp.tanh(u)))
    return one * one


def tanh_less_tangent(u: Array) -> Array:
    """tanh(u) − u (1 − tanh(u)²).

    Near zero as u tanh² u − (u − tanh u), two numbers of the order of u³; nothing that vanishes meets an infinity.
    """
    xp = namespace(u)
    t = xp.tanh(u)
    held = xp.maximum(xp.minimum(u, BEYOND), -BEYOND)
    return xp.where(xp.abs(u) < 1, held * t * t - identity_minus_tanh(held), t - held * sech_squared(u))
