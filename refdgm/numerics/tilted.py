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


def law_excess(tilt: Array, p: Array, q: Array) -> tuple[Array, Array]:
    """q − p, of q = p e^t / Σ p e^t, and where t is small.

    Of one law p and a row q and t an example. Small tilts give it themselves; of others it is the difference of the
    laws. Its sum is zero, and that is enforced: what is nearly certain under both has what the others leave it.
    """
    xp = namespace(p)
    near = xp.max(xp.abs(tilt), axis=-1, keepdims=True) < 0.5
    rough = xp.where(near, tilt_excess(p, tilt, near, q), q - p)
    return rough - p * xp.sum(rough, axis=-1, keepdims=True), near
