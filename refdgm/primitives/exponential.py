"""What Gaussian divergences rest on without cancellation: eˣ − 1 − x, and the logarithm of what a part leaves."""

from functools import cache
from typing import Any

from refdgm.namespace import Array, namespace

NEAR = 0.5  # below it the series, above it the difference, which then keeps all but three bits


@cache
def terms(eps: Any) -> int:
    """How many terms of Σ xⁿ/n!, n ≥ 2, reach `eps` relative to the first for |x| ≤ NEAR."""
    n, term = 2, 1.0
    while term > eps:
        n += 1
        term *= NEAR / n
    return n


def expm1_minus_identity(x: Array) -> Array:
    """eˣ − 1 − x = x²/2 · (1 + x/3 · (1 + x/4 · (…))); its derivative is expm1(x)."""
    xp = namespace(x)
    small = xp.where(xp.abs(x) < NEAR, x, xp.zeros_like(x))
    series = xp.ones_like(x)
    for n in range(terms(float(xp.finfo(x.dtype).eps)), 2, -1):
        series = 1 + series * (small / n)
    return xp.where(xp.abs(x) < NEAR, small * small / 2 * series, xp.expm1(x) - x)


def log_of_rest(part: Array, rest: Array) -> Array:
    """log(1 − p) of p and 1 − p, both given with all their digits: from the smaller of the two."""
    xp = namespace(part)
    small = part < rest
    return xp.where(small, xp.log1p(-xp.where(small, part, xp.zeros_like(part))), xp.log(rest))
