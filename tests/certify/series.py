"""Balls that move, and their elements."""

from flint import arb_series

from refdgm.certify.balls import BallArray

BITS = 320


def element(x):
    return x.raw[()]


def moving(x, d=1):
    return BallArray(arb_series([x, d]))
