"""Numbers that belong to one example, and the components of the example that they meet."""

from refdgm.namespace import Array, namespace


def against(number: Array, x: Array) -> Array:
    """(B,) as (B, 1, …, 1): one number an example, for all components of the example."""
    return namespace(x).reshape(number, (number.shape[0], *(1 for _ in x.shape[1:])))


def inner(x: Array, y: Array) -> Array:
    """⟨x, y⟩ of every example, over all of its components."""
    xp = namespace(x)
    return xp.sum(xp.reshape(x * y, (x.shape[0], dimension(x))), axis=-1)


def dimension(x: Array) -> int:
    """D, how many components an example has."""
    count = 1
    for size in x.shape[1:]:
        count *= size
    return count
