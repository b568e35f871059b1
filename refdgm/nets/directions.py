"""Products with several directions an example, (B, R, ·), each as one matrix product."""

from refdgm.declaration.symbols import Some
from refdgm.namespace import Array, namespace

PROBED = ("R", Some("probe", "the mean over none of them has no value"))


def outer(left: Array, right: Array) -> Array:
    """Σ_{b,r} left_{bri} right_{brj} as one matrix product; against a right that the batch shares, left is summed."""
    xp = namespace(left)
    if left.shape[0] != right.shape[0]:
        left = xp.sum(left, axis=0)[None, ...]
    return flat(left).T @ flat(right)


def through(directions: Array, weight: Array) -> Array:
    """Σ_i directions_{bri} weight_{ij} as one matrix product, not one for each example."""
    return namespace(directions).reshape(flat(directions) @ weight, (*directions.shape[:2], weight.shape[1]))


def flat(a: Array) -> Array:
    """The two leading axes as one; their size is told, for −1 is ambiguous where an axis is empty."""
    return namespace(a).reshape(a, (a.shape[0] * a.shape[1], a.shape[2]))


def along(a: Array, b: Array) -> Array:
    """Σ_r a_r ∘ b_r, over the directions; of one there is no sum."""
    product = a * b
    return product[:, 0, :] if product.shape[1] == 1 else namespace(a).sum(product, axis=1)
