"""Two laws of the same categories, by the logarithm of their ratio."""

from typing import NamedTuple

from refdgm.namespace import Array, namespace
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity
from refdgm.numerics.halves import halves
from refdgm.numerics.winner import is_winner, measured, winner

FAR = float(1 << 100)  # the logarithm of a ratio of which one part is 0, as a number with which 0 times it is 0
NOTHING = -1e4  # e of it is 0 in every precision


class LogRatio(NamedTuple):
    """Both laws, log p/q, and the same up to a constant of the row. Each (B, K)."""

    p: Array
    q: Array
    d: Array  # log p/q
    u: Array  # log p/q less that of one category, the likeliest of p among those that both laws allow


def log_ratio(a: Array, b: Array) -> LogRatio:
    """log(p / q) of p = exp(a) / Σ exp(a) and q = exp(b) / Σ exp(b).

    d = u − c with e^c = Σ q e^u = 1/Σ p e^{−u} = (1 + Σ_{u<0} q (e^u − 1)) / (1 + Σ_{u>0} p (e^{−u} − 1)): where the
    laws are near each other it is the differences of the logits that are small, and no logarithm of a sum is
    subtracted from another. ±2¹⁰⁰ where one law excludes a category; where both do, u is 0 and d some number, which
    stands beside p = q = 0.
    """
    xp = namespace(a)
    not_p, not_q = a == -xp.inf, b == -xp.inf
    finite_a, finite_b = xp.where(not_p, 0.0, a), xp.where(not_q, 0.0, b)
    p, top_a, rest_a = _shares(a)
    q, top_b, rest_b = _shares(b)
    k = winner(xp.where(not_p | not_q, -xp.inf, a))
    u = measured(finite_a - finite_b, k)
    u = xp.where(not_p & not_q, 0.0, xp.where(not_p, -FAR, xp.where(not_q, FAR, u)))
    less = xp.sum(q * xp.expm1(xp.minimum(u, 0)), axis=-1)
    more = xp.sum(p * xp.expm1(xp.minimum(-u, 0)), axis=-1)
    near = xp.log1p(xp.maximum(less, -0.5)) - xp.log1p(xp.maximum(more, -0.5))
    apart = (top_a - finite_a[k]) - (top_b - finite_b[k]) + (xp.log1p(rest_a) - xp.log1p(rest_b))
    c = xp.where((less > -0.5) & (more > -0.5), near, apart)
    return LogRatio(p, q, u - c[:, None], u)


def _shares(a: Array) -> tuple[Array, Array, Array]:
    """e^a over its sum, the largest a, and the sum of what the others are of e to it."""
    xp, k = namespace(a), winner(a)
    e = xp.exp(measured(a, k))
    rest = xp.sum(xp.where(is_winner(k, a.shape[1]), 0.0, e), axis=-1)
    return e / (1 + rest)[:, None], a[k], rest


def relative_entropies(p: Array, q: Array, d: Array) -> Array:
    """p log(p / q) − p + q.

    Of p, q and d = log p/q, never negative: from p, or from q where that is far larger.
    """
    xp = namespace(d)
    down = xp.maximum(xp.minimum(d, -0.5), NOTHING)
    return xp.where(d > -0.5, p * expm1_minus_identity(-xp.maximum(d, -0.5)), q * (1 + (down - 1) * xp.exp(down)))


def second_less_first(p: Array, q: Array, d: Array) -> Array:
    """q − p.

    Of p, q and d = log p/q: what two nearly equal ones differ by, with all digits of d.
    """
    xp = namespace(d)
    return xp.where(d > 0, p * xp.expm1(xp.minimum(-d, 0)), -q * xp.expm1(xp.minimum(d, 0)))


def entropy_of_choice(d: Array) -> Array:
    """log(2) − H(1 / (1 + exp(−d))), H(σ) = −σ log(σ) − (1 − σ) log(1 − σ).

    Twice that is (1 + t) log(1 + t) + (1 − t) log(1 − t) of t = tanh(d/2). Near zero, where it is d²/8, as
    (t d + log(1 − t²))/2, which loses one bit.
    """
    xp = namespace(d)
    size = xp.abs(d)
    small, large = xp.minimum(size, 2), xp.maximum(size, 2)
    t = xp.tanh(small / 2)
    s = xp.exp(-large)
    log_two = xp.log(2 * xp.ones_like(d))
    return xp.where(size < 2, (t * small + xp.log1p(-t * t)) / 2, log_two - xp.log1p(s) - large * s / (1 + s))


def softplus_between(low: Array, high: Array, w: Array) -> Array:
    """log(1 + exp(high)) − log(1 + exp(low)).

    For w = high − low with more digits than the difference of the two has.
    """
    xp = namespace(w)
    long = xp.maximum(high, 0) - xp.maximum(low, 0) + (xp.log1p(xp.exp(-xp.abs(high))) - xp.log1p(xp.exp(-xp.abs(low))))
    short = xp.log1p(halves(low)[0] * xp.expm1(xp.minimum(xp.maximum(w, -0.5), 0.5)))
    return xp.where(xp.abs(w) < 0.5, short, long)
