"""Attention."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import row

ZERO, ONE = np.zeros((1, 1, 2)), np.array(1.0)


@row("attention", "scores of ±1e5, a lead of 700, masked keys of any size, a single key, values at the end of the "
     "range, scales from 1e-300 to 1e300; a query that may look nowhere", ("attention",), "it looks at no keys")
def attention_far_out(ref):
    q, k, v = np.array([[[1.0, -2.0]]]), np.array([[[1.0, 0.5], [-3.0, 2.0]]]), np.array([[[2.0], [6.0]]])
    for far in (1e5, -1e5):
        (out, lse), pullback = ref.vjp(q, 0 * k, v, ZERO + far, ONE)
        np.testing.assert_allclose(out, 4, rtol=1e-15)
        np.testing.assert_allclose(lse, far + np.log(2), rtol=1e-15)
        np.testing.assert_allclose(pullback(np.ones((1, 1, 1)), np.ones((1, 1)))["bias"], [[[-0.5, 1.5]]], rtol=1e-14)
    (out, lse), pullback = ref.vjp(q, 0 * k, v, np.array([[[0.0, -700.0]]]), ONE)
    e = np.exp(-700.0)
    np.testing.assert_allclose(lse, e, rtol=1e-12)
    np.testing.assert_allclose(pullback(np.ones((1, 1, 1)), np.zeros((1, 1)))["bias"], [[[-4 * e, 4 * e]]], rtol=1e-12)
    masked = np.array([[[0.0, -np.inf]]])
    for size in (1e150, 1e-300):
        far = np.array([[[1.0, 0.5], [size, size]]])
        (out, lse), pullback = ref.vjp(q, far, np.array([[[2.0], [size]]]), masked, ONE)
        assert out[0, 0, 0] == 2 and lse[0, 0] == 0
        grads = pullback(np.ones((1, 1, 1)), np.ones((1, 1)))
        np.testing.assert_array_equal(grads["value"], [[[1], [0]]])
        np.testing.assert_array_equal(grads["key"], [[[1, -2], [0, 0]]])
        np.testing.assert_array_equal(grads["query"], [[[1, 0.5]]])
    for scale in (1e-300, 1e300):
        (out, _), pullback = ref.vjp(q / scale, k, v, ZERO, np.array(scale))
        (want, _), right = ref.vjp(q, k, v, ZERO, ONE)
        np.testing.assert_allclose(out, want, rtol=1e-13)
        bars = np.ones((1, 1, 1)), np.ones((1, 1))
        np.testing.assert_allclose(pullback(*bars)["key"], right(*bars)["key"], rtol=1e-13)
    (out, lse), _ = ref.vjp(q, k[:, :1], 1e300 * v[:, :1], ZERO[:, :, :1], ONE)
    assert out[0, 0, 0] == 2e300 and lse[0, 0] == 0
    refused(ref, ArgumentError, "bias must have a finite entry in every row", np.ones((1, 2, 2)), k, v,
            np.array([[[0.0, 0.0], [-np.inf, -np.inf]]]), ONE)
    refused(ref, ArgumentError, "bias must be below +∞", q, k, v, np.array([[[0.0, np.inf]]]), ONE)
