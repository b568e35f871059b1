"""Numbers that belong to one example, and the components of the example that they meet."""

from math import prod

from refdgm.namespace import Array, namespace


def against(number: Array, x: Array) -> Array:
    """(B,) as (B, 1, …, 1): one number an example, for all components of the example."""
    return namespace(x).reshape(number, (number.shape[0], *(1 for _ in x.shape[1:])))


def inner(x: Array, y: Array) -> Array:
    """⟨x, y⟩ of every example, over all of its components."""
    xp = namespace(x)
    return xp.sum(xp.reshape(x * y, (x.shape[0], components(x))), axis=-1)


def components(x: Array) -> int:
    """How many components an example has."""
    return prod(x.shape[1:])
