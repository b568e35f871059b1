"""Picard's iteration: no steps, steps of no length, more sweeps than steps."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row


@row("sweeps", "no steps; steps of no length, where every point is the start; as many sweeps as one likes; no sweep is"
     " refused", ("picard_iteration",), "it makes no sweeps over a trajectory")
def sweeps(ref):
    arguments, options, bars = drawn(ref, sizes={"T": 0})
    got = answers(ref, arguments, options, bars)
    assert got["output.value"].shape[1] == 0 and not any(np.any(x) for x in got.values())
    arguments, options, bars = drawn(ref)
    still = answers(ref, arguments | {"h": np.zeros_like(arguments["h"])}, options, bars)
    np.testing.assert_array_equal(still["output.value"], np.broadcast_to(arguments["z0"][:, None], bars[0].shape))
    np.testing.assert_allclose(still["gradient.z0"], np.sum(bars[0], axis=1), rtol=1e-14, atol=1e-14)
    settled = ref(*arguments.values(), **options | {"sweeps": len(arguments["h"])})
    finite({"value": settled})
    np.testing.assert_array_equal(ref(*arguments.values(), **options | {"sweeps": 50}), settled)
    refused(ref, ArgumentError, "sweeps must be a whole number of at least 1", *arguments.values(),
            **options | {"sweeps": 0})
