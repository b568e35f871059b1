"""The factor of a covariance: in balls as in floats, its pivots, and what is taken for nothing."""

import numpy as np
import pytest

from refdgm.numerics.triangular_factor import triangular_factor


@pytest.mark.parametrize("many", [1, 2, 3, 5])
def test_in_balls_it_is_decided_and_the_same(rng, many):
    """Kills: one number for all components whose pivots are found, of which two are a tie where a tie is undecided, so
    that a case of three components could not be proved."""
    from refdgm.certify.balls import precision
    from refdgm.certify.enclose import ball

    half = rng.normal(size=(2 * many, many))
    sigma = half.T @ half
    with precision(192):
        found = [np.asarray([[float(x.mid()) for x in row] for row in part.raw]) for part in
                 triangular_factor(ball(sigma))]
    for here, there in zip(triangular_factor(sigma), found, strict=True):
        np.testing.assert_allclose(here, there, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("left, is_it", [(12.0, 0), (16.0, 0), (17.0, 1), (20.0, 1)])
def test_what_is_left_within_eight_roundings_for_each_component_is_nothing(left, is_it):
    """Of a component that is another and so many roundings. Kills: fewer of them, or more, and as many for any size."""
    sigma = np.asarray([[1.0, 1.0], [1.0, 1 + left * 2.0**-52]])
    factor, inverse, there = triangular_factor(sigma)
    assert there[:, 0].tolist() == [1, is_it] and bool(factor[1].any()) is bool(is_it)
    np.testing.assert_allclose(factor.T @ factor, sigma, rtol=16 * 2.0**-52)
    assert np.isfinite(inverse).all()


def test_it_is_nothing_up_to_its_end():
    """1 − (1 − 8ε)² is 16ε, all roundings of two components."""
    near = 1 - 8 * 2.0**-52
    assert triangular_factor(np.asarray([[1.0, near], [near, 1.0]]))[2][:, 0].tolist() == [1, 0]


def test_the_next_pivot_has_more_than_half_of_what_any_has_left(rng):
    """In its own unit. Kills: a preference of the first that grows with the size."""
    for size in (2, 5, 12):
        half = rng.normal(size=(size, size)) * 10.0 ** rng.uniform(-3, 3, size)
        sigma = half.T @ half
        factor, inverse, _ = triangular_factor(sigma)
        left = np.diag(sigma).copy()
        waiting = np.ones(size, bool)
        for row, solved in zip(factor, inverse, strict=True):
            part = np.where(waiting, left / np.diag(sigma), 0)
            pivot = int(np.argmax(np.where(waiting, np.abs(solved), 0)))  # of the inverse the only one that waits
            assert part[pivot] > 0.499 * np.max(part)
            left, waiting[pivot] = left - row**2, False


@pytest.mark.parametrize("size", [2, 3])
def test_far_below_zero_is_no_number(size):
    """Components that agree more than wholly, thirty times or a million, are of no covariance. Kills: a mark of what is
    chosen that such a remainder is below, so that it would be left out without a word."""
    for more in (30.0, 1e6):
        sigma = np.eye(size) + more * (1 - np.eye(size))
        with np.errstate(invalid="ignore"):
            assert np.isnan(triangular_factor(sigma)[0]).any()
