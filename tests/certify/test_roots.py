"""Proved roots: what is enclosed, and what is refused."""

import numpy as np
import pytest
from flint import arb, arb_series

from refdgm.certify import balls as xp
from refdgm.certify.balls import Undecided, precision
from refdgm.certify.roots import enclosed_root, standing_still


def square(x):
    return x * x - 2


def twice(x):
    return 2 * x


def test_a_root_is_enclosed_and_no_more_than_it_must():
    with precision(200):
        near = xp.asarray(np.array([1.41421356237309504880, -1.41421356237309504880]))
        for _ in range(3):
            near = near - square(near) / twice(near)
        found = enclosed_root(near, square, twice)
        for root, sign in zip(found.raw, (1, -1), strict=True):
            assert root.contains(sign * arb(2).sqrt().mid()) or root.overlaps(sign * arb(2).sqrt())
            assert root.rad() < arb((1, -190))


@pytest.mark.parametrize("near", [1.5, 1.41421356237309])
def test_a_point_that_is_too_far_off_is_refused(near):
    with precision(200), pytest.raises(Undecided, match="no root is proved"):
        enclosed_root(xp.asarray([near]), square, twice)


def test_where_the_slope_may_vanish_nothing_is_proved():
    with precision(200), pytest.raises(Undecided):
        enclosed_root(xp.asarray([0.0]), lambda x: x * x, twice)


def test_no_root_is_no_root():
    with precision(200), pytest.raises(Undecided):
        enclosed_root(xp.asarray([1.0]), lambda x: x * x + 1, twice)


def test_a_shape_of_any_rank_and_none():
    with precision(100):
        assert enclosed_root(xp.asarray(np.full((2, 1), 2.0)), lambda x: x - 2, lambda x: 1 + 0 * x).shape == (2, 1)
        assert enclosed_root(xp.asarray(np.zeros((0,))), square, twice).shape == (0,)


def test_what_stands_still_has_no_slope():
    """And one Newton step from its root has that of the implicit function: a² = p, so da/dp = 1/(2a)."""
    with precision(200):
        p = xp.BallArray(np.array([arb_series([2, 1]), arb(9)], dtype=object))
        still = standing_still(p)
        assert all(isinstance(v, arb) for v in still.raw) and still.raw[0] == 2 and still.raw[1] == 9
        a = xp.asarray(np.array([1.414213562373095, 3.0]))
        for _ in range(3):
            a = a - (a * a - still) / twice(a)
        a = enclosed_root(a, lambda a: a * a - still, twice)
        root = (a - (a * a - p) / (2 * a)).raw[0]
        assert root[1].overlaps(1 / (2 * arb(2).sqrt())) and root[1].rad() < arb((1, -150))
