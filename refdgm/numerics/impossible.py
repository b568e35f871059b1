"""Categories that no draw takes, for their logit is −∞."""

from refdgm.namespace import Array, namespace


def least_possible(c: Array, logits: Array) -> Array:
    """min c_j over the j with ℓ_j > −∞.

    Of every row, (B, 1), for c ≤ 1.
    """
    xp = namespace(c)
    return xp.min(xp.where(logits == -xp.inf, 1.0, c), axis=-1, keepdims=True)


def lowered(logits: Array, tau: Array, x: Array) -> Array:
    """ℓ − τ x.

    Where ℓ = −∞ it is −∞ whatever τ x is, for −∞ + ∞ would be no number.
    """
    xp = namespace(logits)
    return logits - tau * xp.where(logits == -xp.inf, 0.0, x)
