"""Tables that are looked up."""

import numpy as np

from .rows import row


@row("a table", "rows of infinities and NaN, read and not read; the smallest and the largest numbers; sums beyond the "
     "range and back; a row named 2¹⁶ times", ("embedding",), "it looks nothing up")
def a_table(ref):
    table = np.array([[np.inf, -np.inf], [np.nan, 1.0], [5e-324, 1.7e308], [-0.0, 2.0]])
    y, pullback = ref.vjp(np.array([[2, 0], [3, 2]]), table)
    np.testing.assert_array_equal(y, [[table[2], table[0]], [table[3], table[2]]])
    assert np.signbit(y[1, 0, 0])
    bar = np.array([[[1e308, 5e-324], [1.0, -1.0]], [[0.0, 7.0], [-1e308, 5e-324]]])
    np.testing.assert_array_equal(pullback(bar)["weight"], [[1, -1], [0, 0], [0, 1e-323], [0, 7]])
    np.testing.assert_array_equal(ref(np.array([[1]]), table), [[table[1]]])
    often = 2**16
    y, pullback = ref.vjp(np.ones((1, often), np.int64), np.zeros((3, 1)))
    np.testing.assert_array_equal(pullback(np.full(y.shape, 1 + 2.0**-30))["weight"], [[0], [often + 2.0**-14], [0]])
