"""Paths of diffusion processes: no steps, the shortest and the longest, and the ends of a bridge."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

PATH, BRIDGE = ("wiener_path",), ("brownian_bridge",)


@row("steps of a Wiener path", "h from the smallest number to 1e300; no steps are an empty path; h ≤ 0 is refused",
     PATH, "it is no Wiener path")
def steps_of_a_wiener_path(ref):
    for dtype, ends in ((np.float64, (5e-324, 1e-300, 1e300)), (np.float32, (1e-45, 1e-38, 1e38))):
        arguments, options, bars = drawn(ref, dtype=np.dtype(dtype).name)
        for h in ends:
            got = answers(ref, arguments | {"h": np.full(4, h, dtype)}, options, bars)
            finite(got)
            assert got["output.value"].any() and got["gradient.h"].any()
    arguments, options, bars = drawn(ref, sizes={"T": 0})
    got = answers(ref, arguments, options, bars)
    assert got["output.value"].shape == (5, 0, 3) and got["gradient.h"].shape == (0,)
    for h in (0.0, -1.0, np.inf, np.nan):
        said = refused(ref, ArgumentError, "h must be positive and finite", np.zeros((2, 2, 1)), np.array([1.0, h]))
        assert "at [1]" in said


@row("ends of a bridge", "shares of 1e-300 and 1 − 2⁻⁵³, times of 1e±300: the path is at its end, and its slope finite",
     BRIDGE, "it lies between no known points")
def ends_of_a_bridge(ref):
    arguments, options, bars = drawn(ref)
    for share, times in ((1e-300, (1e-300, 1.0, 1e300)), (5e-324, (1e-300, 1.0)), (1 - 2.0**-53, (1e-300, 1e300))):
        for h in times:
            at = arguments | {"h": np.full(5, h), "share": np.full(5, share)}
            finite(answers(ref, at, options, bars))
    near = ref(*(arguments | {"share": np.full(5, 1e-300)}).values())
    np.testing.assert_array_equal(near, arguments["left"])
    near = ref(*(arguments | {"share": np.full(5, 1 - 2.0**-53)}).values())
    np.testing.assert_allclose(near, arguments["right"], atol=1e-7)


@row("lengths of scores", "scores of 1e±200 and 5e-324, one example beside others; no noise; ratios of 1e±150",
     ("langevin_corrector_step",), "its step is not found from lengths")
def lengths_of_scores(ref):
    for norm in ref.args["norm"].words:
        arguments, options, bars = drawn(ref, options={"norm": norm})
        for size in (1e-150, 1e150, 1e200):
            got = answers(ref, arguments | {"score": arguments["score"] * size}, options, bars)
            if size > 1:  # the step is as small as the score is long
                finite(got)
                np.testing.assert_allclose(got["output.value"], arguments["x"], rtol=1e-12, atol=1e-140)
            else:
                assert np.isfinite(got["output.value"]).all()
        for ratio in (1e-150, 1e100):
            finite(answers(ref, arguments | {"snr": np.asarray(ratio)}, options, bars))
        still = answers(ref, arguments | {"eps": np.zeros_like(arguments["eps"])}, options, bars)
        np.testing.assert_array_equal(still["output.value"], arguments["x"])
        assert not still["gradient.score"].any() and still["gradient.snr"] == 0
        zero = arguments["score"].copy()
        zero[2] = 0
        refused(ref, ArgumentError, "score must have a component other than zero in every example, got only zeros",
                *(arguments | {"score": zero}).values(), **options)
