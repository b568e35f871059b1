"""Determinants at the ends of the range, and where there is none."""

import numpy as np
from mpmath import mp

from refdgm.numerics.orthonormal_rows import in_units, orthonormal_rows
from refdgm.numerics.quotient import or_one

from .kernels import ends, exact, near
from .rows import answers, drawn, finite, kernel, row

DETERMINANTS = ("log_abs_det",)
NO_DETERMINANT = "it has no determinant"


def of_size(ref, size):
    """The drawn question with its matrices multiplied."""
    arguments, options, bars = drawn(ref)
    return arguments | {"matrix": size * arguments["matrix"]}, options, bars


@row("determinants beyond the range", "elements of 1e±300, whose product is beyond it, and both in one row or column",
     DETERMINANTS, NO_DETERMINANT)
def determinants_beyond_the_range(ref):
    for size in (1e-300, 1e-150, 1e150, 1e300):
        arguments, options, bars = of_size(ref, size)
        finite(answers(ref, arguments, options, bars))
    mixed = drawn(ref)[0]["matrix"]
    far = np.array([1e150, 1.0, 1e-150])
    for units in (far, far[:, None], far * far[:, None]):
        got = ref.body(units * mixed)[0]
        np.testing.assert_allclose(got, ref.body(mixed)[0], rtol=1e-12, atol=1e-12)
    small = (1e-30 * mixed).astype(np.float32)
    np.testing.assert_allclose(ref(small), ref(small.astype(np.float64)), rtol=1e-6)


@row("singular matrices", "rows, columns, all of zeros: −∞ and infinite slopes, and the other examples as if alone",
     DETERMINANTS, NO_DETERMINANT)
def singular_matrices(ref):
    arguments, options, bars = drawn(ref)
    right = answers(ref, arguments, options, bars)
    for zeros in ((slice(None),), (1,), (slice(None), 2)):
        broken = arguments["matrix"].copy()
        broken[(3, *zeros)] = 0
        got = answers(ref, arguments | {"matrix": broken}, options, bars)
        assert got["output.value"][3] == -np.inf and np.isinf(got["gradient.matrix"][3]).all()
        for name, x in got.items():
            np.testing.assert_array_equal(x[[0, 1, 2, 4]], right[name][[0, 1, 2, 4]], err_msg=name)


@row("what is added to a matrix", "u vᵀ of 1e±150 times A, exactly nothing, and what leaves 1e-10 of a determinant",
     ("rank_one_log_det",), "nothing of rank one is added in it")
def added_to_a_matrix(ref):
    arguments, options, bars = drawn(ref)
    a = arguments["matrix"]
    for size in (0.0, 1e-300, 1e-150, 1e-30, 1e30, 1e150):
        got = answers(ref, arguments | {"u": size * arguments["u"]}, options, bars)
        finite(got)
        if size < 1e-29:
            np.testing.assert_allclose(got["output.value"], np.linalg.slogdet(a)[1], rtol=1e-12, atol=1e-12)
    v = arguments["v"]
    u = np.sum(a * v[:, None, :], axis=2) / np.sum(v**2, axis=1, keepdims=True)
    for left in (1e-10, -1e-10, 3.0, -3.0):
        got = ref(a, (left - 1) * u, v)
        want = np.linalg.slogdet(a)[1] + np.log(abs(left))
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-14 / min(abs(left), 1))


@kernel("M_ij / (r_i c_j), and W with W M = Q, Q Qᵀ = I, |det M| = Π n: rows and columns at both ends of the range,"
        " nearly parallel rows, zeros", in_units, orthonormal_rows)
def rows_made_orthonormal(dtype):
    _, tiny, _ = ends(dtype)
    info, plain = np.finfo(dtype), np.array([[1, 0.5, -0.25], [0.75, -1, 0.5], [0.25, 0.5, 1]], dtype)
    far = np.array([tiny**-0.4, 1, tiny**0.4], dtype)
    for m in (plain, far[:, None] * plain, far * plain, 0 * plain, np.eye(3, dtype=dtype)):
        unit, r, c = in_units(m[None])
        near(unit[0], exact(m) / exact(or_one(r[0])) / exact(or_one(c[0])), 2)
        assert np.all(abs(unit) <= 1) and np.all(np.max(abs(unit), axis=1) == m.any(axis=0))
    close = np.array([[1, 1], [1, 1 + info.eps**0.6]], dtype)
    for m in (plain, close):
        q, w, n = orthonormal_rows(m[None])
        size = np.sum(abs(exact(w[0])), axis=1, keepdims=True)
        near((exact(q[0]) @ exact(q[0]).T).astype(dtype), np.eye(len(m)), 8, np.ones_like(m, object))
        near(q[0], exact(w[0]) @ exact(m), 16, size)
        assert np.all(w[0][~np.tri(len(m), dtype=bool)] == 0)
        volume = abs(mp.det(mp.matrix(exact(m).tolist())))
        near(np.prod(n[0], keepdims=True), [[volume]], 64 if m is plain else 64 / info.eps**0.6)
    rest = np.array([[[1, 2], [0, 0]]], dtype)
    assert orthonormal_rows(rest)[2][0, 1] == 0 and np.isfinite(orthonormal_rows(rest)[0]).all()
    assert orthonormal_rows(rest[:, :0, :0])[2].shape == (1, 0, 1) and in_units(rest[:, :0, :0])[1].shape == (1, 0, 1)
