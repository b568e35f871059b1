"""Shares of Gaussian components at a point that may be far from all of them."""

from typing import NamedTuple

from refdgm.namespace import Array, namespace


class Shares(NamedTuple):
    """The shares r_k, and their normaliser as total · e^{largest · n²}."""

    share: Array  # r_k, (K, B)
    total: Array  # Σ_k of the terms' exponentials over the largest of them, (B,)
    largest: Array  # the largest c_k − ‖u_k‖²/2, over n², (B,)
    n: Array  # a number of the size of that one's u_k, (B,)


def nearest_shares(constant: Array, apart: Array) -> Shares:
    """r_k = e^{c_k − ‖u_k‖²/2} / Σ_j e^{c_j − ‖u_j‖²/2}, of c (K,) and u (K, B, D).

    The exponents are measured from the largest, and divided by n² until then, for far out the squares overflow. n is
    of the size of the nearest component's distance, as a harmonic mean is: another component may be so much narrower
    that in its units the differences between the others vanish. What is beyond any number is cut off, where the
    exponential has long been zero.
    """
    xp = namespace(apart)
    beyond = xp.sqrt(1 + xp.abs(constant))[:, None] + xp.sum(xp.abs(apart), axis=2)        # the root of a term, or more
    limit = xp.finfo(apart.dtype).max
    n = 1 / xp.mean(1 / xp.minimum(beyond, limit / 4), axis=0)
    scaled = apart / n[:, None]
    far = limit**0.5 / (2 + 2 * apart.shape[2])                               # whose squares' sum is a number
    scaled = xp.where(xp.abs(scaled) > far, xp.full_like(scaled, xp.inf), scaled)
    terms = constant[:, None] / n / n - xp.vecdot(scaled, scaled) / 2
    largest = xp.max(terms, axis=0)
    e = xp.exp(xp.maximum(terms - largest, limit / -4 / n / n) * n * n)
    total = xp.sum(e, axis=0)
    return Shares(e / total, total, largest, n)
