"""States that are counted, laws over them, and both halves of a logit, against their textbook expressions."""

import numpy as np
from mpmath import mp

from refdgm.numerics.enumeration import normalised, states
from refdgm.numerics.halves import halves

from .kernels import each, ends, exact, near
from .rows import kernel


@kernel("⌊s / 2^i⌋ mod 2: every state once, the first unit fastest, none but zero of one", states)
def counted_states(dtype):
    np.testing.assert_array_equal(states(2, np.zeros((), dtype)), [[0, 0], [1, 0], [0, 1], [1, 1]])
    found = states(5, np.zeros((), dtype))
    assert found.dtype == dtype and found.shape == (32, 5)
    np.testing.assert_array_equal(found @ 2.0 ** np.arange(5), np.arange(32))
    np.testing.assert_array_equal(states(1, np.zeros((), dtype)), [[0], [1]])


@kernel("log Σ e^w, e^w / Σ e^w: all equal, one above all others, the ends of the range, rows and one row", normalised)
def laws_of_states(dtype):
    most, tiny, _ = ends(dtype)
    rows = np.array([[0, 0, 0], [tiny, 0, -tiny], [-80, -80.5, -79], [3, -90, 0.5], [most / 4, most / 8, 0],
                     [-most / 4, -most / 8, -most]], dtype)
    with np.errstate(under="ignore"):
        total, share = normalised(rows)
    with mp.workprec(4000):
        for row, found, shares in zip(exact(rows), total, share, strict=True):
            top = max(row)
            inside = [mp.exp(max(v - top, -mp.mpf(10) ** 6)) for v in row]
            near(np.asarray(found), np.asarray(top + mp.log(sum(inside))), 4, np.asarray(1 + abs(top)))
            near(shares, [v / sum(inside) for v in inside], 200, [1 / mp.mpf(2)] * 3)
    np.testing.assert_array_equal(normalised(rows[2])[1], share[2])


@kernel("1 / (1 + e^{∓a}): zero, the middle, both tails and the ends of the range; their sum is one", halves)
def both_halves(dtype):
    most, tiny, _ = ends(dtype)
    a = np.array([0, tiny, -1e-3, 0.75, -3, 30, -80, 1e4, -most], dtype)
    with np.errstate(under="ignore"):
        on, off = halves(a)
    clipped = lambda v: max(min(v, mp.mpf(10) ** 6), -mp.mpf(10) ** 6)
    near(on, each(lambda v: 1 / (1 + mp.exp(-clipped(v))), a), 4)
    near(off, each(lambda v: 1 / (1 + mp.exp(clipped(v))), a), 4)
    assert on[0] == off[0] == 0.5 and on[-1] == 0 == off[-2] and off[-1] == 1 == on[-2]
