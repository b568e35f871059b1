"""One component against all others."""

from refdgm.namespace import Array, namespace


def outweighs(x: Array) -> Array:
    """|x_i| > 2 Σ_{j≠i} |x_j|.

    A mask with at most one true entry a row. As 3 |x_i| > 2 Σ_j |x_j|: the difference of the sum and x_i would cancel.
    """
    xp = namespace(x)
    return 3 * xp.abs(x) > 2 * xp.sum(xp.abs(x), axis=-1, keepdims=True)
