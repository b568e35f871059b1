"""Logarithms of what is near one."""

from refdgm.namespace import Array, namespace


def log_abs_one_plus(q: Array) -> Array:
    """log |1 + q|.

    Below −1 it is log(1 + (−2 − q)), where the difference is exact for what is near −2.
    """
    xp = namespace(q)
    return xp.log1p(xp.where(q > -1, q, -2 - q))


def log_of_mean(share: Array, rest: Array, s: Array) -> Array:
    """log(1 − p + p s).

    Of p, 1 − p and s ≥ 0, all given with all their digits: a sum of positive numbers, or where that is near one
    log(1 + p (s − 1)).
    """
    xp = namespace(share)
    away = share * (s - 1)
    near = xp.abs(away) < 0.5
    return xp.where(near, xp.log1p(xp.where(near, away, xp.zeros_like(away))), xp.log(rest + share * s))
