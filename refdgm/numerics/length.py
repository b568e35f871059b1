"""How long an example is, over all of its axes."""

from refdgm.namespace import Array, namespace
from refdgm.numerics.components import dimension
from refdgm.numerics.quotient import or_one


def length(x: Array) -> Array:
    """‖x‖ = √⟨x, x⟩.

    Of every example, flat: (B,). No square overflows or vanishes, for the largest component is taken for the unit.
    """
    xp = namespace(x)
    flat = xp.reshape(x, (x.shape[0], dimension(x)))
    if not dimension(x):
        return xp.sum(flat, axis=-1)
    largest = xp.max(xp.abs(flat), axis=-1)
    return largest * xp.sqrt(xp.sum((flat / or_one(largest)[:, None]) ** 2, axis=-1))
