"""Flows of several layers: none, many, and points far out."""

import numpy as np

from refdgm.cases import options_grid

from .rows import answers, drawn, finite, row

FLOWS = ("normalizing_flow_log_density", "normalizing_flow_sample")
NO_FLOW = "it is no flow of several layers"


@row("flows of no layers and of many", "none is the base, its gradient that of N(0, I); twenty stay finite", FLOWS,
     NO_FLOW)
def numbers_of_layers(ref):
    for options in options_grid(ref):
        arguments, _, bars = drawn(ref, sizes={"L": 0}, options=options)
        point = next(iter(arguments.values()))
        got = answers(ref, arguments, options, bars)
        want = -np.sum(point * point, axis=1) / 2 - point.shape[1] / 2 * np.log(2 * np.pi)
        np.testing.assert_allclose(got[f"output.{ref.bars[-1]}"], want, rtol=1e-14)
        assert all(x.shape[0] == 0 for name, x in got.items() if name.startswith("gradient.theta"))
        finite(answers(ref, *drawn(ref, sizes={"L": 20}, options=options)))


@row("points far out of a flow", "1e±150: the squares of the base are finite, and one component goes through", FLOWS,
     NO_FLOW)
def far_out(ref):
    for options in options_grid(ref):
        arguments, _, bars = drawn(ref, options=options)
        point = next(iter(arguments))
        for size in (1e-150, 1e150):
            with np.errstate(over="ignore"):  # of products above the diagonal, which a triangular matrix leaves out
                finite(answers(ref, arguments | {point: size * arguments[point]}, options, bars))
        arguments, _, bars = drawn(ref, sizes={"D": 1}, options=options)
        finite(answers(ref, arguments, options, bars))
