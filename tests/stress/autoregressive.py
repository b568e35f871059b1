"""Masked networks, and the flows that they condition."""

import numpy as np

from .rows import answers, drawn, finite, row

MASKED = ("made",)


@row("masked weights", "±∞, NaN and 1e308 in a weight that is masked change no number of the value or of a gradient",
     MASKED, "it masks no weight")
def masked_weights(ref):
    arguments, options, bars = drawn(ref, sizes={"D": 3, "hidden": (4, 4)})
    want = answers(ref, arguments, options, bars)
    finite(want)
    dead = {n: e for n, e in arguments["theta"].items() if n[0] == "W"}
    for bad in (np.inf, -np.inf, np.nan, 1e308):
        spoilt = {n: np.where(want[f"gradient.theta.{n}"] == 0, bad, e) for n, e in dead.items()}
        assert all((spoilt[n] != e).any() for n, e in dead.items())
        got = answers(ref, arguments | {"theta": arguments["theta"] | spoilt}, options, bars)
        for name, x in want.items():
            np.testing.assert_array_equal(got[name], x, err_msg=name)


@row("no components", "D = 0: an empty answer, and gradients of nothing", MASKED, "its components are others' business")
def no_components(ref):
    arguments, options, bars = drawn(ref, sizes={"D": 0})
    got = answers(ref, arguments, options, bars)
    assert got["output.value"].shape == (5, 0) and not any(x.any() for x in got.values())
