"""The ratio of a Langevin proposal, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.mala_log_ratio import mala_log_ratio


@rewrite(mala_log_ratio)
def trapezium_and_squares(
    x: Any, y: Any, score_x: Any, score_y: Any, log_density_x: Any, log_density_y: Any, step: Any
) -> Any:
    """ℓ_y − ℓ_x less the trapezium rule for it, ½⟨s_x + s_y, d⟩, and (η/8)(‖s_x‖² − ‖s_y‖²)."""
    axes, each = tuple(range(1, x.ndim)), (-1,) + (1,) * (x.ndim - 1)
    d = y - x
    along = np.sum(score_x * d, axis=axes) + np.sum(score_y * d, axis=axes)
    lengths = np.sum((score_x - score_y) * (score_x + score_y), axis=axes)

    def pullback(bar: Any) -> dict[str, Any]:
        along_bar, lengths_bar = (-bar / 2).reshape(each), (bar * step / 8).reshape(each)
        y_bar = along_bar * score_x + along_bar * score_y
        return {"x": -y_bar, "y": y_bar, "score_x": along_bar * d + 2 * lengths_bar * score_x,
                "score_y": along_bar * d - 2 * lengths_bar * score_y, "log_density_x": -bar, "log_density_y": +bar,
                "step": np.sum(bar * lengths) / 8}

    return log_density_y - log_density_x - along / 2 + step / 8 * lengths, pullback
