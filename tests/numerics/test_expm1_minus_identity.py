"""Laws of exp(x) − 1 − x."""

import numpy as np
import pytest

from refdgm.numerics.expm1_minus_identity import NEAR, expm1_minus_identity


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_its_even_part_is_that_of_a_square(dtype):
    """f(x) + f(−x) = 4 sinh²(x/2). Kills: a term of the series too few, a wrong sign of the odd ones."""
    x = np.geomspace(1e-6, 4, 200).astype(dtype)
    got = expm1_minus_identity(x) + expm1_minus_identity(-x)
    np.testing.assert_allclose(got, 4 * np.sinh(x / 2) ** 2, rtol=8 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_series_and_difference_meet(dtype):
    """The two forms agree where one takes over from the other."""
    left, right = (np.nextafter(np.asarray(NEAR, dtype), np.asarray(to, dtype), dtype=dtype) for to in (0, 1))
    low, high = (expm1_minus_identity(np.asarray([x]))[0] for x in (left, right))
    assert abs(high - low) <= 4 * np.finfo(dtype).eps * high


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_series_is_not_asked_far_out(dtype):
    """No warning of an overflow either side. Kills: a series that runs far below zero too."""
    far = np.asarray([-np.finfo(dtype).max / 4, np.log(np.finfo(dtype).max) - 1], dtype)
    np.testing.assert_allclose(expm1_minus_identity(far)[:1], -far[:1])
