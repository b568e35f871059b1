"""Score matching."""

import numpy as np

from .rows import row

ISM = ("implicit_score_matching",)


@row("one dimension", "the trace is the derivative", ISM, "it is another objective")
def one_dimension(ref):
    x = np.array([[0.5], [-2.0]])
    value = ref(x, {"A": np.array([[-3.0]]), "b": np.array([1.0])}, score="linear")
    np.testing.assert_array_equal(value, (1 - 3 * x[:, 0]) ** 2 / 2 - 3)
