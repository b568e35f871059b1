"""The largest entry of every row, and rows measured from it; of equal entries the first wins."""

from refdgm.namespace import Array, namespace

Place = tuple[Array, Array]  # (row, column) of one entry a row


def winner(x: Array) -> Place:
    """k = argmax_j x_j.

    As an index: x[k] is the maximum of every row.
    """
    xp = namespace(x)
    return xp.arange(x.shape[0], device=x.device), xp.argmax(x, axis=-1)


def is_winner(k: Place, categories: int) -> Array:
    """j = k.

    A mask with one true entry a row.
    """
    xp, column = namespace(k[1]), k[1]
    return xp.arange(categories, dtype=column.dtype, device=column.device) == column[:, None]


def measured(x: Array, k: Place) -> Array:
    """x_j − x_k.

    Not positive where k is the winner of x: then no exponential of it overflows.
    """
    return x - x[k][:, None]
