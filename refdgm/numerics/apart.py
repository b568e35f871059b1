"""The difference of two means of the same chance."""

from refdgm.namespace import Array, namespace

Pair = tuple[Array, Array]


def mean_apart(q: Array, p: Array, f: Array, rest: Array) -> Array:
    """Σ_s (q_s − (Σ q) p_s) f_s.

    Of a law p, a sum q of weighted laws, and columns f between 0 and 1 with rest = 1 − f: what is nearly certain under
    both has the digits of what is left.
    """
    return (q @ f) * (p @ rest) - (q @ rest) * (p @ f)


def pair_apart(bar: Array, x: Pair, y: Pair, p: Array, r: Pair, s: Pair) -> Array:
    """Σ_b g_b (x_bi y_bj − Σ_s p_s r_si s_sj).

    Of weights g (B, 1), of chances as pairs of what they are and what is left to one, and of a law p over the states r
    and s, or over the pairs of both: what is nearly certain on both sides has the digits of what is left.
    """
    xp = namespace(bar)
    law, none = (r[0].T * p, p @ r[1]) if p.ndim == 1 else (r[0].T @ p, xp.sum(p, axis=1) @ r[1])
    given = (bar * x[0]).T
    lacking = xp.sum(bar * x[1], axis=0)[:, None] + given @ y[1]
    return (given @ y[0]) * (none[:, None] + law @ s[1]) - lacking * (law @ s[0])
