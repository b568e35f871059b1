"""Both halves of a logit: the chance of a unit to be on, and that to be off."""

from refdgm.namespace import Array, namespace


def halves(a: Array) -> tuple[Array, Array]:
    """1 / (1 + e^{−a}), and 1 / (1 + e^a).

    Each has its own digits; one minus the other would have none left in a tail.
    """
    xp = namespace(a)
    on, off = xp.exp(xp.minimum(a, 0)), xp.exp(xp.minimum(-a, 0))  # e^a of them, neither overflows
    return on / (on + off), off / (on + off)
