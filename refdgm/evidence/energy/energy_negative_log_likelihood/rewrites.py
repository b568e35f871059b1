"""The negative log-likelihood of an energy-based model, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.energy_negative_log_likelihood import energy_negative_log_likelihood
from refdgm.evidence.declare import rewrite


@rewrite(energy_negative_log_likelihood)
def of_every_pair(energy: Any, grid_energy: Any, log_weight: Any) -> Any:
    """log Σ w e^{E − E_k} of every example, and its gradient summed over the batch at the end."""
    pairs = log_weight + (energy[:, None] - grid_energy)
    total = np.logaddexp.reduce(pairs, axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        shares = bar[:, None] * np.exp(pairs - total[:, None])
        return {"energy": np.sum(shares, axis=1), "grid_energy": -np.sum(shares, axis=0),
                "log_weight": np.sum(shares, axis=0)}

    return total, pullback
