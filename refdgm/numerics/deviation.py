"""What of an example is not its mean."""

from refdgm.namespace import Array, namespace
from refdgm.numerics.components import dimension
from refdgm.numerics.quotient import or_one

LARGE = 1 << 32


def common_unit(x: Array, y: Array) -> Array:
    """1, or 2³² for an example of x and y beyond one.

    Divided by it, no difference or length of x and y overflows; what underflows is far below 1.
    """
    xp = namespace(x)
    both = xp.reshape(xp.maximum(xp.abs(x), xp.abs(y)), (x.shape[0], dimension(x)))
    one = xp.ones((x.shape[0],), dtype=x.dtype, device=x.device)
    return xp.where(xp.max(both, axis=-1) > 1, LARGE * one, one) if dimension(x) else one


def deviation(x: Array) -> tuple[Array, Array]:
    """d = x − mean(x) and ‖d‖.

    Of every example, flat: (B, D) and (B,). Both are exactly zero for a constant, of which the rounded mean may be
    another number; no square overflows or vanishes, for the largest component is taken for the unit.
    """
    xp = namespace(x)
    flat = xp.reshape(x, (x.shape[0], dimension(x)))
    if not dimension(x):
        return flat, xp.sum(flat, axis=-1)
    flat = flat - flat[:, :1]
    away = flat - xp.mean(flat, axis=-1, keepdims=True)
    largest = xp.max(xp.abs(away), axis=-1, keepdims=True)
    return away, largest[:, 0] * xp.sqrt(xp.sum((away / or_one(largest)) ** 2, axis=-1))
