"""Laws of the shares of Gaussian components."""

import numpy as np
import pytest

from refdgm.numerics.nearest_shares import nearest_shares


def log_total(found):
    return found.largest * found.n**2 + np.log(found.total)


def test_a_constant_moves_the_normaliser_and_no_share(rng):
    """c_k + s for every k. Kills: constants beside the terms, n in the wrong power."""
    c, u = rng.normal(size=4), rng.normal(size=(4, 6, 3))
    once, moved = nearest_shares(c, u), nearest_shares(c + 2.5, u)
    np.testing.assert_allclose(moved.share, once.share, rtol=1e-13)
    np.testing.assert_allclose(log_total(moved), log_total(once) + 2.5, rtol=1e-13)


def test_a_component_in_two_halves_is_the_whole(rng):
    """Twice with c − log 2. Kills: a mean for the sum of the terms; n read as a number of the mixture."""
    c, u = rng.normal(size=3), 20 * rng.normal(size=(3, 6, 2))
    split = nearest_shares(np.concatenate([c[:1] - np.log(2), c[:1] - np.log(2), c[1:]]), np.concatenate([u[:1], u]))
    whole = nearest_shares(c, u)
    np.testing.assert_allclose(split.share[0] + split.share[1], whole.share[0], rtol=1e-11)
    np.testing.assert_allclose(split.share[2:], whole.share[1:], rtol=1e-11)
    np.testing.assert_allclose(log_total(split), log_total(whole), rtol=1e-13)


@pytest.mark.parametrize("far", [2.0**511, 2.0**510, 2.0**510 / 9])
def test_no_square_leaves_the_range(far):
    """Without a warning. Kills: a cut that leaves a square, or the sum of the squares of many components."""
    u = np.zeros((2, 1, 64))
    u[1] = far
    found = nearest_shares(np.zeros(2), u)
    np.testing.assert_array_equal(found.share, [[1.0], [0.0]])
