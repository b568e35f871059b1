"""Do two arrays of balls enclose the same numbers, and how well do they say so?"""

import math
from typing import Any

import numpy as np
from flint import arb


class Disagrees(AssertionError):
    """Two rigorous enclosures have no number in common: one of the two formulas is wrong."""

    def __init__(self, name, index, ours, oracles):
        self.name, self.index, self.ours, self.oracles = name, index, ours, oracles
        where = list(index) if index else ""
        super().__init__(f"{name}{where}: ours is {ours}, the definition gives {oracles}")


class Wide(ArithmeticError):
    """A ball says too little to be evidence: more bits are needed."""


def relative_radius(b: arb) -> arb:
    """The radius over the least magnitude, or the radius itself where zero is inside."""
    radius = b.rad().upper()
    return (radius if b.contains(0) else radius / b.abs_lower()).upper()


def require_tight(name: str, balls: np.ndarray, bits: int) -> float:
    """The largest relative radius, which must not exceed 2^(−bits/2): overlap of wide balls proves nothing.

    Where a ball contains zero its radius is measured absolutely.
    """
    largest = arb(0)
    for index, b in np.ndenumerate(balls):
        if not b.is_finite() or not relative_radius(b) <= arb((1, -(bits // 2))):
            raise Wide(f"{name}{list(index)} is only known to be {b} at {bits} bits")
        largest = max(largest, relative_radius(b))
    return float(largest)


def require_overlap(name: str, ours: np.ndarray, oracles: np.ndarray, bits: int, digits: int) -> float:
    """The digits to which the two surely agree; at least `digits`, or :class:`Wide`.

    The largest distance of a point of the one from a point of the other is measured relative to the oracle's
    ball, or absolutely where that contains zero. Balls that have no point in common are a :class:`Disagrees`,
    unless they lie within 2^(32−bits) of one another: our body may sum a series to as many terms as the
    precision of the moment asks for, and is then off by about 2^(−bits), which its ball does not know of
    (and by 2^(−1000), if it counts the terms in float64, where a smaller epsilon is zero).
    All balls must be finite (:func:`require_tight` first): NaN overlaps everything.
    """
    if ours.shape != oracles.shape:
        raise Disagrees(f"{name}, the shape", (), ours.shape, oracles.shape)
    scale = max([arb(1), *(b.abs_upper() for b in oracles.flat)], key=float)
    agreed = math.inf
    for index, theirs in np.ndenumerate(oracles):
        mine: Any = ours[index]
        zero = theirs.contains(0)
        if not mine.overlaps(theirs):
            apart = abs(mine - theirs)
            if not apart < arb((1, 32 - min(bits, 1000))) * (scale if zero else theirs.abs_lower()):
                raise Disagrees(name, index, mine, theirs)
        apart = abs(mine - theirs).abs_upper()
        known = apart if zero else apart / theirs.abs_lower()
        if not known <= arb(10) ** -digits:
            raise Wide(f"{name}{list(index)} agrees to fewer than {digits} digits at {bits} bits")
        if not known.is_zero():
            agreed = min(agreed, -float(known.abs_upper().log()) / math.log(10))
    return agreed
