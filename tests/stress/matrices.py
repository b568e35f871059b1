"""Roots and factors of matrices, against their textbook expressions."""

import numpy as np

from refdgm.numerics.polar_factor import polar_factor

from .rows import kernel


def rotation(rng, many):
    return np.linalg.qr(rng.normal(size=(many, many)))[0]


@kernel("C (CᵀC)^{−1/2}: singular values from 1 to 1e-10, of any size; more rows and more columns; zeros; one number",
        polar_factor)
def polar_factors(dtype):
    rng, eps = np.random.default_rng(3), np.finfo(dtype).eps
    for rows, columns, smallest in ((4, 4, 1e-10), (3, 7, 1e-3), (7, 3, 1e-3), (1, 4, 1.0), (5, 5, 1.0)):
        few = min(rows, columns)
        smallest = max(smallest, 1e-3 if dtype == np.float32 else 0.0)
        left, right = rotation(rng, rows)[:, :few], rotation(rng, columns)[:few]
        sizes = np.geomspace(1, smallest, few)
        want = left @ right
        for size in (1.0, 1e30, 1e-30):
            got = polar_factor((size * (left * sizes) @ right).astype(dtype))
            assert got.dtype == dtype
            np.testing.assert_allclose(got, want, atol=20 * eps / smallest)
            np.testing.assert_allclose(got @ got.T if rows < columns else got.T @ got, np.eye(few), atol=40 * eps)
    lost = polar_factor((left[:, :2] @ right[:2]).astype(dtype))  # of rank two: zeros stay zero, but for rounding
    np.testing.assert_allclose(np.sum(lost * (left[:, :2] @ right[:2])), 2, rtol=1e-5)
    assert not polar_factor(np.zeros((3, 2), dtype)).any()
    np.testing.assert_array_equal(polar_factor(np.array([[-0.25]], dtype)), [[-1]])
