"""Increments of diffrax's Brownian motion, summed to a path; its normal numbers are those of the question."""

from unittest import mock

import jax
import jax.numpy as jnp
from diffrax import BrownianIncrement, UnsafeBrownianPath


def wiener_path(eps, h):
    shape, path, w = jax.ShapeDtypeStruct(eps[:, 0].shape, eps.dtype), [], 0
    for n in range(len(h)):
        with mock.patch("jax.random.normal", lambda *_, n=n, **__: eps[:, n]):
            w = w + UnsafeBrownianPath._evaluate_leaf(0 * h[n], h[n], None, shape, BrownianIncrement, False)
        path.append(w)
    return jnp.stack(path, 1)


CANDIDATES = {"wiener_path": {"function": wiener_path}}
