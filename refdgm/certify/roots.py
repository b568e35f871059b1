"""Roots that are proved: a definition that iterates ends in one of these."""

import numpy as np
from flint import arb, ctx

from .arrays import BallArray
from .elements import Undecided, value


def enclosed_root(points, function, slope):
    """Balls that each hold a root of `function`, and the only one near the point: the Newton step of an interval.

    m is the middle of a point and X = m ± 2^(−bits/2) (1 + |m|). If N = m − f(m)/f′(X) lies within X, then f has one
    root in X, and it lies in N (f′(X) has no zero, for N would be NaN). Otherwise :class:`Undecided`. `slope` is f′,
    which must be continuous; arguments that the two close over must stand still.
    """
    middle = BallArray(np.frompyfunc(lambda v: value(v).mid(), 1, 1)(points.raw))
    around = BallArray(np.frompyfunc(_around, 1, 1)(middle.raw))
    found = middle - function(middle) / slope(around)
    for near, root in zip(np.ravel(around.raw), np.ravel(found.raw), strict=True):
        if not (root.is_finite() and near.contains(root)):
            raise Undecided(f"no root is proved near {near}")
    return found


def standing_still(x):
    """The numbers alone, without their slopes: the root of what moves lies one Newton step from theirs."""
    return BallArray(np.frompyfunc(value, 1, 1)(x.raw))


def _around(m):
    return arb(m, (1 + abs(m)).upper() * arb((1, -(ctx.prec // 2))))
