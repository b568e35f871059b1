"""Logarithms of the logistic function: their tails."""

import numpy as np

from .rows import row

LOGISTIC = ("softplus", "log_sigmoid")
NOT_LOGISTIC = "it is no logarithm of a logistic function"


@row("logistic tails", "±20 … ±1e4, subnormal results included: the small one of two tails to the last digits",
     LOGISTIC, NOT_LOGISTIC)
def logistic_tails(ref):
    side = -1 if ref.name == "softplus" else 1  # where the value is small
    for dtype, deepest in ((np.float64, 744.0), (np.float32, 103.0)):
        a = np.asarray([20.0, 21.0, 37.0, 88.0, deepest, 1e4], dtype)
        eps, least = np.finfo(dtype).eps, np.finfo(dtype).smallest_subnormal
        value, pullback = ref.vjp(side * a)
        grad = pullback(np.ones_like(a))["x"]
        small = np.exp(-a.astype(np.longdouble))
        assert (np.abs(np.abs(value) - np.log1p(small)) <= 2 * eps * small + least).all()
        assert (np.abs(grad - small / (1 + small)) <= 2 * eps * small + least).all()
        value, pullback = ref.vjp(-side * a)
        grad = pullback(np.ones_like(a))["x"]
        assert (np.abs(np.abs(value) - (a + np.log1p(small))) <= eps * a).all() and value[-1] == -side * a[-1]
        assert (np.abs(grad - 1 / (1 + small)) <= 2 * eps).all() and grad[-1] == 1


@row("logits without end", "±∞: the limits, values and slopes", LOGISTIC, NOT_LOGISTIC)
def without_end(ref):
    x = np.array([[np.inf, -np.inf, 0.0]])
    value, pullback = ref.vjp(x)
    want = [[np.inf, 0, np.log(2)]] if ref.name == "softplus" else [[0, -np.inf, -np.log(2)]]
    np.testing.assert_array_equal(value, want)
    slopes = [[1, 0, 0.5]] if ref.name == "softplus" else [[0, 1, 0.5]]
    np.testing.assert_array_equal(pullback(np.ones((1, 3)))["x"], slopes)
