"""Laws of what of an example is not its mean."""

import numpy as np
import pytest

from refdgm.numerics.deviation import common_unit, deviation


@pytest.mark.parametrize("power", [-1000, -30, 30, 1000])
def test_it_scales_with_the_example_exactly(rng, power):
    """By powers of two, also where squares over- or underflow. Kills: squares that are not scaled."""
    x = rng.normal(size=(4, 3, 2))
    away, length = deviation(x)
    scaled, longer = deviation(x * 2.0**power)
    np.testing.assert_array_equal(scaled, away * 2.0**power)
    np.testing.assert_array_equal(longer, length * 2.0**power)


def test_the_deviation_has_none_of_the_mean(rng):
    """Σ d = 0, ‖x‖² = ‖d‖² + n mean². Kills: a median or the first component for the mean, √(n − 1)."""
    x = rng.normal(size=(4, 3, 2))
    away, length = deviation(x)
    flat = x.reshape(4, 6)
    np.testing.assert_allclose(np.sum(away, axis=1), 0, atol=1e-14)
    np.testing.assert_allclose(length**2 + np.sum(flat, axis=1) ** 2 / 6, np.sum(flat**2, axis=1), rtol=1e-13)


def test_the_common_unit_is_of_the_larger_size():
    """Kills: a sign not left out, the smaller of two, one of them alone."""
    x = np.array([[0.5, -1.0], [0.5, -4.0], [0.0, 0.5], [4.0, 0.0]])
    y = np.array([[0.0, -1.0], [0.0, 0.0], [-8.0, -4.0], [0.0, 0.0]])
    np.testing.assert_array_equal(common_unit(x, y), [1.0, 2.0**32, 2.0**32, 2.0**32])
    np.testing.assert_array_equal(common_unit(y, x), [1.0, 2.0**32, 2.0**32, 2.0**32])


def test_the_unit_is_the_largest_component():
    """Kills: the smallest."""
    _, length = deviation(np.array([[0.0, 3e200, 1e-200, -3e200]]))
    assert length == pytest.approx(18**0.5 * 1e200, rel=1e-15)
