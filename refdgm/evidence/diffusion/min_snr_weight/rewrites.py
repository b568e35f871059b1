"""The min-SNR weight, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.min_snr_weight import min_snr_weight
from refdgm.evidence.declare import rewrite


@rewrite(min_snr_weight)
def by_the_ratio_itself(alpha_prod: Any, gamma: Any, *, target: str) -> Any:
    """min(SNR, γ), divided."""
    snr = alpha_prod / (1 - alpha_prod)
    return np.minimum(snr, gamma) / {"eps": snr, "x0": 1.0, "v": snr + 1}[target]
