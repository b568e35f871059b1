"""Score matching."""

import numpy as np

from .rows import row

ISM = ("implicit_score_matching", "implicit_score_matching_shallow")


@row("one dimension", "the trace is the derivative", ISM, "it is another objective")
def one_dimension(ref):
    x = np.array([[0.5], [-2.0]])
    if ref.name.endswith("_shallow"):
        theta = {"W1": np.array([[1.0]]), "b1": np.zeros(1), "W2": np.array([[-3.0]]), "b2": np.array([1.0])}
        value, h = ref(x, theta, activation="tanh"), np.tanh(x[:, 0])
        np.testing.assert_allclose(value, (1 - 3 * h) ** 2 / 2 - 3 * (1 - h**2), rtol=1e-14)
        return
    value = ref(x, {"A": np.array([[-3.0]]), "b": np.array([1.0])}, score="linear")
    np.testing.assert_array_equal(value, (1 - 3 * x[:, 0]) ** 2 / 2 - 3)
