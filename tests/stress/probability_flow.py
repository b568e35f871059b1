"""The diffusion at its ends."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

DENSITIES = ("probability_flow_log_density", "probability_flow_log_density_estimate")
FLOWS = ("probability_flow", *DENSITIES)
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


@row("no time, a likelihood", "t₁ = t₀ is the prior: log N(x; 0, S² I) and its slopes", DENSITIES, "it has no prior")
def no_time_a_likelihood(ref):
    for process, size in (("vp", 1.0), ("sub_vp", 1.0), ("ve", 3.0)):
        options = {"score": "linear", "process": process, "method": "rk4", "steps": 2}
        arguments, options, (bar,) = with_score(ref, options)
        at = {"t0": np.asarray(0.5), "t1": np.asarray(0.5), "low": np.asarray(0.5), "high": np.asarray(3.0)}
        got, x = answers(ref, arguments | at, options, (bar,)), arguments["x"]
        squares = np.sum(x**2, axis=1) / size**2
        want = -squares / 2 - x.shape[1] / 2 * np.log(2 * np.pi * size**2)
        np.testing.assert_allclose(got["output.value"], want, rtol=1e-14)
        np.testing.assert_allclose(got["gradient.x"], -bar[:, None] * x / size**2, rtol=1e-14)
        of_high = np.sum(bar * (squares - x.shape[1])) / size if process == "ve" else 0.0
        np.testing.assert_allclose(got["gradient.high"], of_high, rtol=1e-13)


@row("far data of a likelihood", "x of 1.8e154, where ‖u‖² is beyond the range and its half is not", DENSITIES,
     "it has no prior")
def far_data_of_a_likelihood(ref):
    options = {"score": "theta_sin", "process": "ve", "method": "euler", "steps": 1}
    arguments, options, _ = drawn(ref, sizes={"D": 1}, options=options)
    at = {"x": np.full(arguments["x"].shape, 1.8e154), "t0": np.asarray(0.5), "t1": np.asarray(0.5),
          "low": np.asarray(0.5), "high": np.asarray(1.0)}
    got = ref(*(arguments | at).values(), **options)
    np.testing.assert_allclose(got, -1.62e308, rtol=1e-14)
