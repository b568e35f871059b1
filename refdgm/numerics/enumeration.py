"""All states of units that are off or on, and laws over what is counted."""

from refdgm.namespace import Array, device, namespace


def states(units: int, like: Array) -> Array:
    """s_i = ⌊s / 2^i⌋ mod 2, for s = 0, …, 2^n − 1.

    Every state of n units, a row each, (2^n, n): the first unit changes fastest, and the first row is of zeros. As the
    numbers of `like`, and where it lives.
    """
    xp = namespace(like)
    s = xp.arange(2**units, device=device(like))
    return xp.astype(xp.stack([s // 2**i % 2 for i in range(units)], axis=-1), like.dtype)


def normalised(w: Array) -> tuple[Array, Array]:
    """log Σ_k e^{w_k}, and e^{w_k} / Σ_j e^{w_j}.

    Along the last axis, measured from the largest: no winner is named, for where all are equal there is none.
    """
    xp = namespace(w)
    top = xp.max(w, axis=-1, keepdims=True)
    e = xp.exp(w - top)
    total = xp.sum(e, axis=-1, keepdims=True)
    return (top + xp.log(total))[..., 0], e / total
