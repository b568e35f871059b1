"""Correct rounding, by proof: a ball has a rounded value where both of its ends round to the same number."""

import math

import numpy as np
from flint import arb, ctx

# (digits, exponent of the least subnormal, exponent that overflows)
FORMATS = {"float64": (53, -1074, 1024), "float32": (24, -149, 128)}


class Unrounded(ArithmeticError):
    """The ends of a ball round to different numbers. More bits may help, except half-way."""


def ends(ball: arb) -> tuple[arb, arb]:
    """The lower and upper end as exact balls; outwards, if they need more bits than fit."""
    if ball.is_exact():
        return ball, ball
    with ctx.workprec(max(ctx.prec, ball.bits()) + 64):
        return ball.lower(), ball.upper()


def nearest(exact: arb, dtype: str) -> float:
    """The nearest number of the format, ties to even, subnormals and overflow as in IEEE 754."""
    digits, least, most = FORMATS[dtype]
    mantissa, exponent = (int(part) for part in exact.man_exp())
    size, sign = abs(mantissa), -1.0 if mantissa < 0 else 1.0
    unit = max(size.bit_length() + exponent - digits, least)
    shift = unit - exponent
    if shift <= 0:
        kept = size << -shift  # by less than `digits`, because of how unit is chosen
    elif shift > size.bit_length() + 1:
        kept = 0
    else:
        kept, rest, half = size >> shift, size & ((1 << shift) - 1), 1 << (shift - 1)
        kept += rest > half or (rest == half and kept & 1)
    if kept and kept.bit_length() + unit > most:
        return sign * math.inf
    return sign * (math.ldexp(kept, unit) if kept else 0.0)


def round_ball(ball: arb, dtype: str = "float64") -> float:
    """The number of the format that is nearest to *every* point of the ball; a zero is positive."""
    if not ball.is_finite():
        raise Unrounded(f"{ball} is not finite")
    low, high = (nearest(end, dtype) for end in ends(ball))
    if low != high:
        raise Unrounded(f"{ball} may round to {low!r} or {high!r} in {dtype}")
    return low or 0.0


def round_balls(balls: np.ndarray, dtype: str = "float64") -> np.ndarray:
    """An object array of balls, rounded."""
    return np.asarray(np.frompyfunc(lambda b: round_ball(b, dtype), 1, 1)(balls), dtype=dtype)
