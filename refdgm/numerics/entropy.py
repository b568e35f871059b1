"""The entropy of units that are off or on, and its slope."""

from refdgm.namespace import Array, namespace


def entropy(mean: Array) -> Array:
    """−m log m − (1 − m) log(1 − m).

    Zero at both ends, for 0 log 0 = 0.
    """
    xp = namespace(mean)
    on, off = mean > 0, mean < 1
    most = xp.where(on, mean, 1.0)
    return -most * xp.log(most) - (1 - mean) * xp.log1p(-xp.where(off, mean, 0.0))


def logit(mean: Array) -> Array:
    """log(m / (1 − m)).

    −∞ and +∞ at the ends, without a warning.
    """
    xp = namespace(mean)
    on, off = mean > 0, mean < 1
    rest = xp.where(off, mean, 0.0)
    low = xp.where(on, xp.log(xp.where(on, mean, 1.0)), -xp.inf)
    return low - xp.where(off, xp.log1p(-rest), -xp.inf)
