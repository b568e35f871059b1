"""The residual of the Fokker–Planck equation, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.fokker_planck_residual import fokker_planck_residual


@rewrite(fokker_planck_residual)
def two_sides(rate: Any, drift: Any, divergence: Any, score: Any, score_divergence: Any, diffusion: Any) -> Any:
    """∂_t log p less the right side, the noise's part before the transport's, in the diffusivity ½ g²."""
    axes, each = tuple(range(1, drift.ndim)), (-1,) + (1,) * (drift.ndim - 1)
    diffusivity = diffusion**2 / 2
    bent = np.sum(score**2, axis=axes) + score_divergence
    right = diffusivity * bent - np.sum(drift * score, axis=axes) - divergence

    def pullback(bar: Any) -> dict[str, Any]:
        right_bar = -bar
        bent_bar = right_bar * diffusivity
        return {"rate": +bar, "divergence": -right_bar, "drift": -right_bar.reshape(each) * score,
                "score": 2 * bent_bar.reshape(each) * score - right_bar.reshape(each) * drift,
                "score_divergence": bent_bar, "diffusion": right_bar * bent * diffusion}

    return rate - right, pullback
