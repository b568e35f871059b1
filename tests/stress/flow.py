"""Flows in continuous time: probes that tell everything, and none."""

from itertools import product

import numpy as np

from .rows import answers, drawn, row

PROBED = ("hutchinson_trace",)
NO_PROBE = "it takes no probe"


@row("probes of nothing", "a zero probe, and none at all: the estimate is 0, never NaN", PROBED, NO_PROBE)
def probes_of_nothing(ref):
    for count, size in ((2, 0.0), (0, 1.0)):
        arguments, options, bars = drawn(ref, sizes={"R": count})
        arguments["probe"] = size * arguments["probe"]
        got = answers(ref, arguments, options, bars)
        assert not np.any(got["output.value"]) and not np.any(got["gradient.x"])


@row("all probes", "every vector of signs: the exact trace, to rounding; one of 1e150 does not overflow it",
     PROBED, NO_PROBE)
def all_probes(ref):
    signs = np.array(list(product((-1.0, 1.0), repeat=8)))[None]
    theta = {"A": np.arange(64.0).reshape(8, 8), "b": np.zeros(8)}
    np.testing.assert_allclose(ref(np.zeros((1, 8)), signs, theta, score="linear"), [9 * 28.0], rtol=1e-14)
    wide = 1e150 * np.eye(8)[None]
    np.testing.assert_allclose(ref(np.zeros((1, 8)), wide, theta, score="linear"), [1e300 * 9 * 28 / 8], rtol=1e-14)
