"""Power iterations and what is divided by their result: weights of any size."""

import numpy as np

from .rows import answers, drawn, finite, row


@row("weights of any size", "1e±200, where squares overflow or vanish; zeros", ("power_iteration",),
     "it is no power iteration")
def weights_of_any_size(ref):
    arguments, options, bars = drawn(ref)
    plain = answers(ref, arguments, options, bars)
    for size in (1e-200, 1e200, 5e-300):
        for name in ("W", "u"):
            got = answers(ref, arguments | {name: size * arguments[name]}, options, bars)
            for role, x in got.items():
                np.testing.assert_allclose(x, plain[role], rtol=1e-12)
    nothing = answers(ref, arguments | {"W": 0 * arguments["W"]}, options, bars)
    assert not any(np.any(x) for x in nothing.values())


@row("divided by any σ", "weights of 1e±150: the same quotient, and a gradient as small or large",
     ("spectral_normalization",), "it divides by no singular value")
def divided_by_any(ref):
    arguments, options, bars = drawn(ref)
    plain = answers(ref, arguments, options, (bars[0], 0 * bars[1]))
    for size in (1e-150, 1e150):
        got = answers(ref, arguments | {"W": size * arguments["W"]}, options, (bars[0], 0 * bars[1]))
        finite(got)
        np.testing.assert_allclose(got["output.normalized"], plain["output.normalized"], rtol=1e-13)
        np.testing.assert_allclose(got["gradient.W"], plain["gradient.W"] / size, rtol=1e-11)
