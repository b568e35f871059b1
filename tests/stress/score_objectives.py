"""Objectives at a network's output: levels of noise from almost none to enormous."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

DENOISING = ("denoising_score_matching", "noise_conditional_score_matching")


@row("DSM, NCSN", "σ of 1e-30, 1e-100, 1e30 and 1e150, a zero score; σ ≤ 0 is refused; levels in any order",
     DENOISING, "it has no level of noise")
def levels(ref):
    arguments, _, bars = drawn(ref, sizes={"...": (3,)})
    power = {"denoising_score_matching": -2, "noise_conditional_score_matching": 0}[ref.name]
    for sigma in (1e-30, 1e-100, 1e30, 1e150):
        level = np.full(5, sigma)
        got = answers(ref, arguments | {"score": np.zeros((5, 3)), "sigma": level}, {}, bars)
        want = np.sum(arguments["eps"] ** 2, axis=1) / 2 * sigma**power
        np.testing.assert_allclose(got["output.value"], want, rtol=1e-14)
        finite(got)
        near = arguments["eps"] / -sigma
        got = answers(ref, arguments | {"score": near, "sigma": level}, {}, bars)
        unit = 1.0 if ref.name.startswith("noise") else sigma**-1
        assert np.all(np.abs(got["output.value"]) <= (1e-15 * unit) ** 2)
    for sigma in (0.0, -0.5):
        level = np.array([0.5, 2.0, sigma, 0.1, 1.0])
        said = refused(ref, ArgumentError, "sigma must be positive", *(arguments | {"sigma": level}).values())
        assert f"got {sigma} at [2]" in said
    mixed = np.array([0.5, 2.0, 0.1, 50.0, 0.01])
    whole = ref(arguments["score"], arguments["eps"], mixed)
    for b in range(5):
        np.testing.assert_array_equal(ref(arguments["score"][b:b + 1], arguments["eps"][b:b + 1], mixed[b:b + 1]),
                                      whole[b:b + 1])


SLICED = ("sliced_score_matching", "sliced_score_matching_vr")


@row("sliced SM", "one dimension with signs is the exact trace; directions of zero; those twice as long",
     SLICED, "it takes no probe")
def directions(ref):
    x, theta = np.array([[0.5], [-2.0]]), {"A": np.array([[-3.0]]), "b": np.array([1.0])}
    signs = np.array([[[1.0], [-1.0]], [[-1.0], [-1.0]]])
    np.testing.assert_array_equal(ref(x, signs, theta, score="linear"), (1 - 3 * x[:, 0]) ** 2 / 2 - 3)
    arguments, options, bars = drawn(ref, options={"score": "linear"})
    s = arguments["x"] @ arguments["theta"]["A"].T + arguments["theta"]["b"]
    norm = np.sum(s**2, axis=1) / 2 if ref.name.endswith("_vr") else 0.0
    got = answers(ref, arguments | {"probe": 0 * arguments["probe"]}, options, bars)
    finite(got)
    np.testing.assert_allclose(got["output.value"], norm + np.zeros(5), rtol=1e-14)
    once, twice = (ref(*(arguments | {"probe": v}).values(), **options) for v in (arguments["probe"],
                                                                                 2 * arguments["probe"]))
    np.testing.assert_allclose(twice - norm, 4 * (once - norm), rtol=1e-12)


SQUARES = ("fisher_divergence", *DENOISING, "implicit_score_matching", "implicit_score_matching_shallow", *SLICED)


@row("half a square", "a score whose square is beyond the largest number, and half of it is not", SQUARES,
     "no square is halved in it, or of other things")
def half_a_square(ref):
    for dtype, score in ((np.float64, 1.25 * 2.0**512), (np.float32, 1.25 * 2.0**64)):
        s, one = np.full((2, 1), score, dtype), np.ones((2, 1, 1), dtype)
        x, options = np.zeros((2, 1), dtype), {"score": "linear"}
        theta = {"A": np.zeros((1, 1), dtype), "b": s[0]}
        if ref.name in ("fisher_divergence", *DENOISING):
            arguments, options = (s, x) if ref.name == "fisher_divergence" else (s, x, one[:, 0, 0]), {}
        elif ref.name.endswith("_shallow"):
            theta = {"W1": theta["A"], "b1": np.zeros(1, dtype), "W2": theta["A"], "b2": s[0]}
            arguments, options = (x, theta), {"activation": "tanh"}
        else:
            arguments = (x, one, theta) if ref.name in SLICED else (x, theta)
        np.testing.assert_array_equal(ref(*arguments, **options), [score * (score / 2)] * 2)
