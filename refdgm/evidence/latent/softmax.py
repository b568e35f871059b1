"""A softmax in three lines, that mistakes may change."""

from refdgm.namespace import Array, namespace


def softmax(z: Array) -> Array:
    xp = namespace(z)
    e = xp.exp(z - xp.max(z, axis=-1, keepdims=True))
    return e / xp.sum(e, axis=-1, keepdims=True)
