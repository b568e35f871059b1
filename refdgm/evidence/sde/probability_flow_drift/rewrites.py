"""The drift of the probability flow, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.probability_flow_drift import probability_flow_drift


@rewrite(probability_flow_drift)
def mean_of_two_drifts(drift: Any, score: Any, diffusion: Any) -> Any:
    """Halfway between the drift of the process and that of the process reversed in time, f − g² s."""
    g2 = (diffusion**2).reshape(diffusion.shape + (1,) * (drift.ndim - 1))
    reverse = drift - g2 * score

    def pullback(bar: Any) -> dict[str, Any]:
        reverse_bar = bar / 2
        g2_bar = np.sum(-reverse_bar * score, axis=tuple(range(1, drift.ndim)))
        return {"drift": bar / 2 + reverse_bar, "score": -g2 * reverse_bar, "diffusion": 2 * diffusion * g2_bar}

    return (drift + reverse) / 2, pullback
