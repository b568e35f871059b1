"""Laws of r WᵀW."""

import numpy as np

from refdgm.numerics.weighted_gram import weighted_gram


def test_a_matrix_whose_entries_sum_to_zero():
    """Kills: its size taken without signs left out."""
    rows = np.array([[[1.0, 0.0], [-1.5, 0.5]]])
    np.testing.assert_allclose(weighted_gram(np.array([[2.0]]), rows)[0], 2 * rows[0].T @ rows[0], rtol=1e-15)
