"""Turned vectors."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import row


@row("turned vectors", "late positions against exact angles, in both dtypes; position zero; vectors at the ends of the "
     "range; bases of one and near zero; one component", ("rotary_embedding",), "it turns no pairs")
def turned_vectors(ref):
    for dtype in (np.float64, np.float32):
        times = np.array([0.0, 1.0, 4095.0, 2.0**17], dtype)
        for base in (1e4, 5e5):
            x = np.array([[[1, 0, 0, 1, 0, 0, 1.0]]] * 2, dtype) * np.ones((1, 4, 1), dtype)
            y, pullback = ref.vjp(x, times, np.array(base, dtype))
            angle = times.astype(np.longdouble)[:, None] * np.longdouble(base) ** (-np.arange(3) / np.longdouble(3))
            lost = 16 * np.finfo(dtype).eps * (1 + angle[:, 0])
            assert y.dtype == dtype and (y[0, 0] == x[0, 0]).all() and (y[:, :, 6] == 1).all()
            assert (np.abs(y[0, :, 0] - (np.cos(angle[:, 0]) - np.sin(angle[:, 0]))) <= lost).all()
            assert (np.abs(y[0, :, 3] - (np.cos(angle[:, 0]) + np.sin(angle[:, 0]))) <= lost).all()
            assert not y[:, :, [1, 2, 4, 5]].any()
            np.testing.assert_allclose(pullback(y)["x"], x, atol=8 * np.finfo(dtype).eps)
    x = np.array([[[3e150, 4e150], [3e-320, -4e-320]]])
    y = ref(x, np.array([0.5, 0.0]), np.array(1e4))
    np.testing.assert_allclose(np.hypot(*y[0, 0]), 5e150, rtol=1e-14)
    np.testing.assert_array_equal(y[0, 1], x[0, 1])
    for base in (1.0, 1e-300, 1e300):  # of one pair it is not met
        y = ref(np.array([[[1.0, 0.0]]]), np.ones(1), np.array(base))
        np.testing.assert_allclose(y, [[[np.cos(1), np.sin(1)]]], rtol=1e-15)
    assert ref(np.array([[[2.0]]]), np.ones(1), np.array(2.0)) == 2
    for bad in (np.inf, -np.inf):
        refused(ref, ArgumentError, "position must be", np.ones((1, 1, 2)), np.array([bad]), np.array(1e4))
