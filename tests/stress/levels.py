"""Levels of a logistic law: scales of every size, levels at its mode and far from it."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import drawn, row

LEVELS = ("discretized_logistic_log_likelihood",)
NO_LEVELS = "it has no levels"


@row("laws of every width", "log s of ±700 and, in float32, of ±80: finite at the mode, in the tails and at both ends",
     LEVELS, NO_LEVELS)
def laws_of_every_width(ref):
    x = np.array([[-1.0], [0.0], [1.0]])
    for dtype, far in ((np.float64, 700.0), (np.float32, 80.0)):
        for log_scale in (far, -far):
            for mean in (0.0, 0.25, -3.0):
                arrays = [np.asarray(a, dtype) for a in (x, mean + 0 * x, log_scale + 0 * x)]
                with np.errstate(over="raise", invalid="raise", divide="raise"):
                    value, pullback = ref.vjp(*arrays, levels=5)
                    g = pullback(np.ones(3, dtype))
                assert np.all(np.isfinite(value)) and all(np.all(np.isfinite(entry)) for entry in g.values())
                if log_scale > 0:  # half of the mass at either end, and 2δ/(4 s) between
                    np.testing.assert_allclose(value, np.log([0.5, 0.125, 0.5]) - [0, far, 0], rtol=1e-6)
                    np.testing.assert_allclose(g["log_scale"][1], -1, rtol=1e-6)
                elif mean == 0:
                    np.testing.assert_allclose(value[1], 0, atol=1e-30)


@row("levels that are none", "x beyond ±1, μ and log s of ±∞: refused", LEVELS, NO_LEVELS)
def levels_that_are_none(ref):
    arguments, options, _ = drawn(ref)
    for name, values in (("x", (1.5, -1.0001, np.nan)), ("mean", (np.inf, -np.inf)), ("log_scale", (np.inf, -np.inf))):
        for value in values:
            x = arguments[name].copy()
            x[1, 1] = value
            refused(ref, ArgumentError, f"{name} must be", *(arguments | {name: x}).values(), **options)
