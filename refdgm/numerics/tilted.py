"""How far a law is from a nearly equal one that it is a tilt of."""

from refdgm.namespace import Array, namespace


def tilt_excess(p: Array, tilt: Array, near: Array, q: Array) -> Array:
    """p e^t / Σ p e^t − p where `near` says that t is small, else q.

    Along the last axis, of laws p and q: by e^t − 1, for of the difference of two laws the digits that both share are
    gone. Where it is q that is returned, it does for what has the mean zero under p.
    """
    xp = namespace(p)
    gain = xp.expm1(xp.where(near, tilt, xp.zeros_like(tilt)))
    mean = xp.sum(p * gain, axis=-1, keepdims=True)
    return xp.where(near, p * (gain - mean) / (1 + mean), q)
