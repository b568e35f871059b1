"""Residual blocks."""

import numpy as np

from .rows import drawn, row

BLOCKS = ("residual_block",)


@row("identity", "a branch of zeros is the identity to the last bit, at ±1e300 and at subnormal features", BLOCKS,
     "it has no short cut around its network")
def identity(ref):
    for branch in ref.args["branch"].known:
        arguments, options, bars = drawn(ref, options={"branch": branch})
        nothing = {name: np.zeros_like(x) for name, x in arguments["theta"].items()}
        for size in (1e300, 1.0, 5e-324):
            z = size * np.sign(arguments["z"])
            value, pullback = ref.vjp(z, nothing, **options)
            grads = pullback(*bars)
            np.testing.assert_array_equal(grads["z"], bars[0])
            np.testing.assert_array_equal(value, z)
