"""By how much a step in their argument lifts the logistic function and the softplus."""

from refdgm.namespace import Array, namespace
from refdgm.numerics.halves import halves

Halves = tuple[Array, Array]


def logistic_step(a: Array, w: Array) -> Array:
    """1 / (1 + exp(−a − w)) − 1 / (1 + exp(−a)).

    σ(m) − σ(a) = (σ(m) σ(−a) + σ(−m) σ(a)) tanh(w/2) of m = a + w: nothing cancels where w is small, or where both ends
    are saturated.
    """
    return logistic_between(halves(a), halves(a + w), w)


def logistic_between(start: Halves, end: Halves, w: Array) -> Array:
    """1 / (1 + exp(−m)) − 1 / (1 + exp(−a)).

    Of both ends as halves, where they are known, and of w = m − a.
    """
    (on, off), (up, down) = start, end
    return (up * off + down * on) * namespace(w).tanh(w / 2)


def softplus_step(a: Array, w: Array) -> Array:
    """log(1 + exp(a + w)) − log(1 + exp(a)).

    A short step as log(1 + σ(a) (e^w − 1)); of a long one the positive parts are subtracted first: where both a and
    a + w are large that is w, whatever a has rounded off.
    """
    xp = namespace(a)
    m = a + w
    rise = xp.minimum(xp.maximum(w, 0), xp.maximum(m, 0))
    fall = xp.minimum(xp.maximum(-w, 0), xp.maximum(a, 0))
    long = rise - fall + (xp.log1p(xp.exp(-xp.abs(m))) - xp.log1p(xp.exp(-xp.abs(a))))
    short = xp.log1p(halves(a)[0] * xp.expm1(xp.minimum(xp.maximum(w, -0.5), 0.5)))
    return xp.where(xp.abs(w) < 0.5, short, long)
