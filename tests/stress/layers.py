"""Layers."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import row


@row("affine layers", "no input is the bias, no bias is linear, exactly; numbers of 1e300 against 1e-300", ("affine",),
     "it is no single layer")
def affine_layers(ref):
    b, W = np.array([1.5, -2.5]), np.array([[1.0, 2.0, -3.0], [0.5, 0.0, 4.0]])
    np.testing.assert_array_equal(ref(np.zeros((2, 3)), W, b), [b, b])
    np.testing.assert_array_equal(ref(np.eye(3), W, 0 * b), W.T)
    y, pullback = ref.vjp(1e300 * np.eye(3), 1e-300 * W, b)
    np.testing.assert_allclose(y, W.T + b, rtol=1e-15)
    grads = pullback(1e-300 * np.ones((3, 2)))
    np.testing.assert_allclose(grads["W"], np.ones((2, 3)), rtol=1e-15)


@row("embedded times", "whole times to 1e6 against exact reduction of the angle, in both dtypes; t = 0",
     ("sinusoidal_embedding",), "it embeds no time")
def embedded_times(ref):
    for dtype in (np.float64, np.float32):
        times = np.array([0.0, 1.0, 999.0, 2.0**16, 1e6], dtype)
        for spacing, n in (("half", 4), ("half_minus_one", 3)):
            v, pullback = ref.vjp(times, features=8, spacing=spacing)
            omega = np.longdouble(10000) ** (-np.arange(4) / np.longdouble(n))
            angle = times.astype(np.longdouble)[:, None] * omega
            want = np.concatenate([np.sin(angle), np.cos(angle)], axis=1)
            lost = 16 * np.finfo(dtype).eps * (1 + np.concatenate([angle, angle], axis=1))
            assert (np.abs(v - want) <= lost).all() and (v[0] == [0, 0, 0, 0, 1, 1, 1, 1]).all()
            np.testing.assert_allclose(pullback(np.eye(8, dtype=dtype)[[0, 1, 2, 3, 3]])["t"][0], 1)
    for bad in (np.inf, -np.inf):
        said = refused(ref, ArgumentError, "t must be finite", np.array([0.0, bad]), features=4, spacing="half")
        assert "at [1]" in said
