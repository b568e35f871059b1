"""What Gaussian divergences rest on without cancellation."""

from functools import cache
from typing import Any

from refdgm.namespace import Array, namespace

NEAR = 0.5  # below it the series, above it the difference, which then keeps all but three bits


@cache
def _terms(eps: Any) -> int:
    """How many terms of Σ xⁿ/n!, n ≥ 2, reach `eps` relative to the first for |x| ≤ NEAR."""
    n, term = 2, 1.0
    while term > eps:
        n += 1
        term *= NEAR / n
    return n


def expm1_minus_identity(x: Array) -> Array:
    """exp(x) − 1 − x.

    Its series x²/2 · (1 + x/3 · (1 + x/4 · (…))) where the three cancel; its derivative is expm1(x).
    """
    xp = namespace(x)
    small = xp.where(xp.abs(x) < NEAR, x, xp.zeros_like(x))
    series = xp.ones_like(x)
    for n in range(_terms(float(xp.finfo(x.dtype).eps)), 2, -1):
        series = 1 + series * (small / n)
    return xp.where(xp.abs(x) < NEAR, small * small / 2 * series, xp.expm1(x) - x)
