"""The diffusion at its ends."""

import numpy as np

from .rows import answers, drawn, finite, row


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
