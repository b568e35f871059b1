"""Roots and factors of matrices, against their textbook expressions."""

import numpy as np

from refdgm.numerics.polar_factor import has_rank, polar_factor
from refdgm.numerics.triangular_factor import triangular_factor

from .rows import kernel


def rotation(rng, many):
    return np.linalg.qr(rng.normal(size=(many, many)))[0]


@kernel("C (CᵀC)^{−1/2}: singular values from 1 to 1e-10, of any size; more rows and more columns; zeros; one number",
        polar_factor, has_rank)
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
    if dtype == np.float64:  # where rounding is no direction; of 1e-15 a hundredth has come by then
        for part in (polar_factor(np.diag([1, 0.5, 1e-15])), polar_factor(np.diag([1, 0.5, 0.0]))):
            assert [int(has_rank(part, np.asarray(r, dtype))) for r in (1, 2, 3)] == [0, 1, 0]
    assert not polar_factor(np.zeros((3, 2), dtype)).any()
    np.testing.assert_array_equal(polar_factor(np.array([[-0.25]], dtype)), [[-1]])


@kernel("F with FᵀF = Σ, and F^{−T}: conditions to 1e10, units of 1e±90 in one matrix, singular ones, sizes of 1e±298; "
        "a matrix with a negative eigenvalue", triangular_factor)
def triangular_factors(dtype):
    rng, eps = np.random.default_rng(4), np.finfo(dtype).eps
    double = dtype == np.float64
    for many, smallest in ((1, 1.0), (2, 1e-3), (5, 1e-10 if double else 1e-4), (9, 1e-3)):
        turn = rotation(rng, many)
        sigma = ((turn * np.geomspace(1, smallest, many)) @ turn.T).astype(dtype)
        sigma = (sigma + sigma.T) / 2
        for size in (1.0, 2.0**990, 2.0**-990) if double else (1.0, 2.0**100, 2.0**-60):
            f, inverse, found = triangular_factor((size * sigma).astype(dtype))
            assert f.dtype == inverse.dtype == found.dtype == dtype and np.all(found == 1)
            assert np.all(np.sum(f == 0, axis=1) >= np.arange(many))
            np.testing.assert_allclose(f.T @ f / dtype(size), sigma, atol=2 * many * eps)
            np.testing.assert_allclose(inverse @ f.T, np.eye(many), atol=8 * many * eps / smallest**0.5)
    plain = np.asarray([[2, 1, 0.5], [1, 3, -1], [0.5, -1, 4]], dtype)
    units = np.asarray([1, 2.0**-300, 2.0**300] if double else [1, 2.0**-40, 2.0**40], dtype)
    for one, other, by in zip(triangular_factor(plain * units * units[:, None])[:2], triangular_factor(plain)[:2],
                              (units, 1 / units), strict=True):
        np.testing.assert_array_equal(one, other * by)
    line = np.asarray([1, -2, 3], dtype)
    f, _, found = triangular_factor(np.outer(line, line))
    np.testing.assert_allclose(f, [line, 0 * line, 0 * line], rtol=eps)
    np.testing.assert_array_equal(found[:, 0], [1, 0, 0])
    for rank, many in ((1, 5), (2, 5), (3, 65)):
        for size in (2.0**-20, 1.0, 2.0**20):
            half = rng.normal(size=(rank, many)) * size
            f, _, found = triangular_factor((half.T @ half).astype(dtype))
            np.testing.assert_allclose(f.T @ f, half.T @ half, atol=8 * many * eps * size**2 * rank)
            assert np.sum(found) == rank
    thirds = line / 3  # of which products are rounded: what is left is nothing, of either sign
    f, _, found = triangular_factor(np.outer(thirds, thirds))
    np.testing.assert_allclose(f.T @ f, np.outer(thirds, thirds), rtol=4 * eps)
    np.testing.assert_array_equal(found[:, 0], [1, 0, 0])
    with np.errstate(invalid="ignore"):
        for wrong in ([[1, 2], [2, 1]], [[-1, 0], [0, 1]]):
            assert np.isnan(triangular_factor(np.asarray(wrong, dtype))[0]).any()
    assert not triangular_factor(np.zeros((2, 2), dtype))[0].any()
