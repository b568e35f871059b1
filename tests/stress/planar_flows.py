"""Flows of planar layers: none, many, layers of every strength, and a plane without a normal."""

import numpy as np

from refdgm import ArgumentError
from refdgm.cases import options_grid

from ..refusal import refused
from .rows import answers, drawn, finite, row


@row("flows of planar layers", "no layer hands everything through; twenty, ⟨u, w⟩ of ±1e4 and points of 1e±6 stay"
     " finite; w = 0 in one layer is refused, and relu", ("planar_flow",), "it is no flow of planar layers")
def planar_flows(ref):
    for options in options_grid(ref):
        arguments, _, bars = drawn(ref, sizes={"L": 0}, options=options)
        got = answers(ref, arguments, options, bars)
        np.testing.assert_array_equal(got["output.x"], arguments["z"])
        np.testing.assert_array_equal(got["output.log_det"], 0)
        finite(answers(ref, *drawn(ref, sizes={"L": 20}, options=options)))
        arguments, _, bars = drawn(ref, options=options)
        w = arguments["w"]
        refused(ref, ArgumentError, "w must have a component other than zero",
                *(arguments | {"w": w * np.arange(len(w))[:, None]}).values(), **options)
    arguments, options, bars = drawn(ref, options={"constraint": "softplus"})
    w = arguments["w"]
    for size in (-1e4, -700.0, 0.0, 700.0, 1e4):
        for far in (1e-6, 1.0, 1e6):
            strong = arguments | {"u": size * w / np.sum(w * w, axis=1, keepdims=True), "z": far * arguments["z"]}
            with np.errstate(under="ignore"):
                finite(answers(ref, strong, options, bars))
    said = refused(ref, ArgumentError, "constraint must be ", *arguments.values(), constraint="relu")
    assert "take softplus" in said
