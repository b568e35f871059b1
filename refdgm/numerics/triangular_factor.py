"""A covariance as the square of a factor, and that factor's inverse, by elimination."""

from refdgm.namespace import Array, namespace
from refdgm.numerics.quotient import or_one

GONE = -float(1 << 100)  # of its variance a component never has so little left, and float32 has this number
KEPT = 8  # roundings of a variance for each component: what is left of it within these is taken for nothing


def triangular_factor(sigma: Array) -> tuple[Array, Array, Array]:
    """F with FᵀF = Σ, F^{−T}, and n, (D, 1), which is 0 where a row of F is nothing, or 1.

    Cholesky's, by elimination in (Σ, I), a triangle once components are in the order of pivots. A pivot is what is left
    of a variance when the components before it are known; the next has more than half of the largest part that any has
    left, so that of a singular Σ no rounding grows, and of equal parts it is the first. Within rounding of its variance
    a pivot is nothing, whatever its sign: its row of F is zero then, and n. One further below zero, which no covariance
    has, is no number. The units of the components do not matter: SΣS has F S for a diagonal S, to the last digits.
    """
    xp = namespace(sigma)
    size, like = sigma.shape[0], {"dtype": sigma.dtype, "device": sigma.device}
    rounding = KEPT * size * float(xp.finfo(sigma.dtype).eps)
    one, place = xp.eye(size, **like), xp.arange(size, device=sigma.device)[:, None]
    first = 1 - xp.astype(place, sigma.dtype) / (2 * size)  # a little more for who comes before
    gone = GONE * (1 + xp.astype(place, sigma.dtype))  # no two alike: a tie is undecided in balls
    units = or_one(xp.abs(xp.sum(sigma * one, axis=1, keepdims=True)))
    rest, waiting = xp.concat([sigma, one], axis=1), xp.ones((size, 1), **like)
    rows, found = [rest[:0, :]], [waiting[:0, :]]
    for _ in range(size):
        pivots = xp.sum(rest[:, :size] * one, axis=1, keepdims=True)
        part = xp.where(waiting > 0, first * pivots / units, gone)
        chosen = xp.astype(place == xp.argmax(part[:, 0]), sigma.dtype)
        pivot, row = xp.sum(chosen * pivots, axis=0, keepdims=True), xp.sum(chosen * rest, axis=0, keepdims=True)
        nothing = xp.abs(pivot) <= rounding * xp.sum(chosen * units, axis=0, keepdims=True)
        row = row / xp.sqrt(xp.where(nothing, xp.ones_like(pivot), pivot))
        left = xp.where(nothing, xp.zeros_like(row[:, :size]), row[:, :size]) * waiting.T
        rows.append(xp.concat([left, row[:, size:]], axis=1))
        found.append(xp.where(nothing, xp.zeros_like(pivot), xp.ones_like(pivot)))
        rest, waiting = rest - left.T @ rows[-1], waiting * (1 - chosen)
    both = xp.concat(rows, axis=0)
    return both[:, :size], both[:, size:], xp.concat(found, axis=0)
