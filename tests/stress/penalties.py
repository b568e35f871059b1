"""Penalties of a slope: critics that are flat, and critics that are steep."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import row

NO_PENALTY = "it has no critic whose slope is asked for"


def flat(ref, dtype, weight, **options):
    x = np.asarray([[1.0, -2.0], [0.5, 3.0]], dtype)
    theta = {"A": np.asarray([[weight, -weight]], dtype), "b": np.zeros(1, dtype)}
    return ref.vjp(x, -x, np.asarray([0.0, 1.0], dtype), theta, critic="linear", **options)


@row("WGAN-GP", "slopes of 0, 1e-200, 1e-310, and 1e150: no NaN and no lost norm; shares beyond [0, 1] are refused",
     ("gradient_penalty",), NO_PENALTY)
def slopes_of_any_size(ref):
    for dtype, small, least, large in ((np.float64, 1e-200, 1e-310, 1e150), (np.float32, 1e-30, 1e-40, 1e18)):
        for weight in (small, least, large):
            value, pullback = flat(ref, dtype, weight, sides="two")
            n = np.sqrt(2 * np.longdouble(dtype(weight)) ** 2)
            np.testing.assert_allclose(value, (n - 1) ** 2, rtol=4 * np.finfo(dtype).eps)
            grads = pullback(np.ones(2, dtype))
            rate = 4 * (n - 1) / np.sqrt(np.longdouble(2)) * np.ones(2)
            np.testing.assert_allclose(grads["theta"]["A"], [rate * [1, -1]], rtol=1e-5)
            assert not np.any(grads["real"]) and not np.any(grads["fake"])
            value, pullback = flat(ref, dtype, weight, sides="one")
            assert (value == 0).all() == (weight < 1)
            assert np.any(pullback(np.ones(2, dtype))["theta"]["A"]) == (weight > 1)
        for sides, cost in (("two", 1), ("one", 0)):
            value, pullback = flat(ref, dtype, 0.0, sides=sides)
            np.testing.assert_array_equal(value, [cost, cost])
            grads = pullback(np.ones(2, dtype))
            assert not any(np.any(x) for x in (grads["real"], grads["fake"], *grads["theta"].values()))
    x, theta = np.ones((2, 2)), {"A": np.ones((1, 2)), "b": np.zeros(1)}
    for share in (-0.25, 1.25):
        refused(ref, ArgumentError, "u must be from 0 to 1", x, x, np.array([0.5, share]), theta, critic="linear",
                sides="two")


@row("R1, R2", "slopes of 0 and 1e-160, and one whose square is beyond the largest number, and half of it is not",
     ("zero_centered_penalty",), NO_PENALTY)
def squares_of_slopes(ref):
    for dtype, small, large in ((np.float64, 1e-160, 1.25 * 2.0**512), (np.float32, 1e-22, 1.25 * 2.0**64)):
        x = np.asarray([[1.0], [0.5]], dtype)
        for weight in (0.0, small, large):
            theta = {"A": np.asarray([[weight]], dtype), "b": np.zeros(1, dtype)}
            value, pullback = ref.vjp(x, theta, critic="linear")
            want = np.longdouble(dtype(weight)) ** 2 / 2
            np.testing.assert_allclose(value, [want, want], rtol=1e-6, atol=np.finfo(dtype).smallest_subnormal)
            np.testing.assert_array_equal(pullback(np.ones(2, dtype))["theta"]["A"], 2 * theta["A"])
