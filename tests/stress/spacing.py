"""Strides at their ends."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, finite, row


@row("strides", "S of 1 and of T; T of 1 and of 10⁴; β next to 0 and to 1; S > T and β at its ends are refused",
     ("strided_schedule",), "it strides over no schedule")
def strides(ref):
    for spacing in ref.args["spacing"].words:
        for train, steps in ((1, 1), (7, 1), (7, 7), (10_000, 3), (10_000, 37)):
            for beta in (5e-324, 1e-300, 1e-4, 1 - 2.0**-53):
                got = answers(ref, {"beta": np.full(train, beta)}, {"steps": steps, "spacing": spacing}, ())
                finite(got)
                assert np.all(got["output.beta"] > 0)
        refused(ref, ArgumentError, "steps must be at most T = 7", np.full(7, 0.5), steps=8, spacing=spacing)
        for bad in (0.0, 1.0, -0.5, np.nan, np.inf):
            said = refused(ref, ArgumentError, "beta must be strictly between 0 and 1",
                           np.where(np.arange(7) == 2, bad, 0.5), steps=3, spacing=spacing)
            assert "[2]" in said
