"""The difference of two means of the same chance."""

from refdgm.namespace import Array, namespace


def mean_apart(q: Array, p: Array, f: Array, rest: Array) -> Array:
    """Σ_s (q_s − (Σ q) p_s) f_s.

    Of a law p, a sum q of weighted laws, and columns f between 0 and 1 with rest = 1 − f: what is nearly certain under
    both has the digits of what is left.
    """
    return (q @ f) * (p @ rest) - (q @ rest) * (p @ f)


def pair_apart(bar: Array, x: Array, off: Array, y: Array, p: Array, r: Array, s: Array) -> Array:
    """Σ_b g_b (x_bi y_bj − Σ_s p_s r_si s_sj).

    Of weights g (B, 1), chances x with off = 1 − x, and y; of a law p over the states r and s, or over the pairs of
    both: what is nearly certain on both sides has the digits of what is left.
    """
    xp = namespace(x)
    law = r.T * p if p.ndim == 1 else r.T @ p
    given = (bar * x).T
    none = (xp.sum(p, axis=-1) if p.ndim > 1 else p) @ (1 - r)
    here, lacking = given @ y, xp.sum(bar * off, axis=0)[:, None] + given @ (1 - y)
    return here * (none[:, None] + law @ (1 - s)) - lacking * (law @ s)
