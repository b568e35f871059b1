"""The factor of a covariance, in balls as in floats: no pivot that is gone is a tie with another."""

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
