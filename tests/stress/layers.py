"""Layers."""

import numpy as np

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
