"""The diffusion at its ends."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

FLOWS = ("probability_flow",)
NO_FLOW = "it solves no probability flow"


@row("no diffusion, any diffusion", "g of 0 returns the drift; of 1e±200, where g² leaves the range; of either sign",
     ("probability_flow_drift",), "no diffusion turns it into a flow")
def diffusions(ref):
    arguments, _, bars = drawn(ref)
    drift, score, _ = arguments.values()
    np.testing.assert_array_equal(ref(drift, score, np.zeros(5)), drift)
    for g, scale in ((1e200, 1e-300), (1e-200, 1e300), (5e-324, 1.0)):
        got = ref(np.zeros_like(drift), scale * score, np.full(5, g))
        np.testing.assert_allclose(got, -(g * (g * scale)) / 2 * score, rtol=1e-12)
        finite({"value": got} | answers(ref, arguments | {"score": scale * score, "diffusion": np.full(5, g)}, {},
                                        tuple(bar / max(g, 1) / max(g, 1) for bar in bars)))
    np.testing.assert_array_equal(ref(drift, score, np.full(5, -1.5)), ref(drift, score, np.full(5, 1.5)))


def with_score(ref, options, **score):
    """Arguments and cotangents with the score A x + b."""
    arguments, options, bars = drawn(ref, options=options)
    theta = {"A": -np.eye(3), "b": np.zeros(3)} | score
    return arguments | {"theta": theta}, options, bars


@row("the ends of a flow's time", "no time, from 0 and to 1, in both directions; beyond 0 and 1 is refused", FLOWS,
     NO_FLOW)
def ends_of_time(ref):
    for process in ref.args["process"].words:
        options = {"score": "linear", "process": process, "method": "heun", "steps": 2}
        arguments, options, bars = with_score(ref, options)
        for t in (0.0, 0.5, 1.0):
            got = answers(ref, arguments | {"t0": np.asarray(t), "t1": np.asarray(t)}, options, bars)
            finite(got)
            np.testing.assert_allclose(got["gradient.t0"], -got["gradient.t1"], rtol=1e-12, atol=1e-14)
            assert not np.any(got["gradient.low"]) and not np.any(got["gradient.theta.A"])
        for span in ((0.0, 1.0), (1.0, 0.0), (5e-324, 1.0)):
            finite(answers(ref, arguments | dict(zip(("t0", "t1"), map(np.asarray, span), strict=True)), options, bars))
        for name, t in (("t0", -5e-324), ("t1", 1 + 2.0**-52)):
            refused(ref, ArgumentError, f"{name} must be from 0 to 1", *(arguments | {name: np.asarray(t)}).values(),
                    **options)


@row("the ends of a flow's noise", "ends that agree to 15 digits, β and σ of 1e±30; low must be below high", FLOWS,
     NO_FLOW)
def ends_of_noise(ref):
    for process in ref.args["process"].words:
        options = {"score": "linear", "process": process, "method": "euler", "steps": 1}
        arguments, options, bars = with_score(ref, options)
        early = {"t0": np.asarray(1e-9), "t1": np.asarray(1e-7)}
        for low, high in ((1.0, 1 + 1e-15), (1e-30, 1e-20), (1e-8, 1e8), (1e20, 1e30)):
            ends = {"low": np.asarray(low), "high": np.asarray(high)}
            finite(answers(ref, arguments | early | ends, options, bars))
        level = arguments | {"high": arguments["low"]}
        refused(ref, ArgumentError, "high must be above low", *level.values(), **options)
