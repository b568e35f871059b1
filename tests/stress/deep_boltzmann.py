"""Deep Boltzmann machines with weights far out, and layers that are certain."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

NO_DEEP = "it is no deep Boltzmann machine"


@row("layers that are certain", "weights of 1e±150 and zero: means are 0, ½ or 1, and slopes what is left; means beyond"
     " 0 and 1 are refused", ("dbm_mean_field",), NO_DEEP)
def certain_layers(ref):
    arguments, options, bars = drawn(ref)
    for size in (0.0, 1e-150, 1e150):
        asked = arguments | {name: size * arguments[name] for name in ("W1", "W2", "c1", "c2")}
        got = answers(ref, asked, options, bars)
        finite(got)
        for name in ("output.mean1", "output.mean2"):
            assert np.all((got[name] == 0.5) if size < 1 else (got[name] == 0) | (got[name] == 1))
    refused(ref, ArgumentError, "start must be from 0 to 1", *(arguments | {"start": arguments["start"] + 1}).values(),
            **options)
