"""How far the points of two sets are from one another, and in which direction."""

from refdgm.namespace import Array, namespace
from refdgm.numerics.quotient import or_one


def directions(a: Array, b: Array) -> tuple[Array, Array]:
    """‖a_i − b_j‖ and (a_i − b_j)/‖a_i − b_j‖.

    Of rows: (B, M) and (B, M, D). Both are 0 where two points are one; no square overflows or vanishes, for the largest
    component is taken for the unit.
    """
    xp = namespace(a)
    between = a[:, None, :] - b[None, :, :]
    largest = xp.max(xp.abs(between), axis=-1)
    unit = between / or_one(largest)[..., None]
    length = xp.sqrt(xp.sum(unit * unit, axis=-1))
    return largest * length, unit / or_one(length)[..., None]
