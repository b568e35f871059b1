"""The energy distance, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.metrics.energy_distance import energy_distance


@rewrite(energy_distance)
def of_one_table(real: Any, fake: Any) -> Any:
    """−wᵀ D w of all points together, with the weights 1/B and −1/M; slopes one component at a time."""
    points = np.concatenate([real, fake])
    w = np.concatenate([np.full(len(real), 1 / len(real)), np.full(len(fake), -1 / len(fake))]).astype(real.dtype)
    between = points[:, None] - points[None]
    lengths = np.linalg.norm(between, axis=2)
    held = np.where(lengths > 0, lengths, 1)

    def pullback(bar: Any) -> dict[str, Any]:
        slopes = np.stack([-2 * bar * w * ((between[:, :, d] / held) @ w) for d in range(points.shape[1])], axis=1)
        return {"real": slopes[:len(real)], "fake": slopes[len(real):]}

    return -(w @ lengths @ w), pullback
