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
