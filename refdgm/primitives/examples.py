"""One number for each example, beside the axes of an example."""

from refdgm.namespace import Array, namespace


def spread(c: Array, x: Array) -> Array:
    """c (B,) with axes of length 1 for those of an example of x, so that it scales whole examples."""
    return namespace(x).reshape(c, (c.shape[0], *(1 for _ in x.shape[1:])))


def total(x: Array) -> Array:
    """The sum of each example of x, of shape (B,)."""
    size = 1
    for length in x.shape[1:]:
        size *= length
    return namespace(x).sum(namespace(x).reshape(x, (x.shape[0], size)), axis=-1)
