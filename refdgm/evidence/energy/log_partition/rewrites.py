"""A partition function, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.log_partition import log_partition
from refdgm.evidence.declare import rewrite


@rewrite(log_partition)
def by_pairs(energy: Any, log_weight: Any) -> Any:
    """logaddexp from the left; the gradient as e^{ℓ − log Z}."""
    total = np.logaddexp.reduce(log_weight - energy, axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        p = np.exp(log_weight - energy - total[:, None])
        return {"energy": -(bar[:, None] * p), "log_weight": bar @ p}

    return total, pullback


@rewrite(log_partition)
def of_weights(energy: Any, log_weight: Any) -> Any:
    """Weights times Boltzmann factors, energies measured from the lowest."""
    lowest = np.min(energy, axis=1, keepdims=True)
    terms = np.exp(log_weight) * np.exp(lowest - energy)
    z = np.sum(terms, axis=1, keepdims=True)

    def pullback(bar: Any) -> dict[str, Any]:
        shares = bar[:, None] / z * terms
        return {"energy": -shares, "log_weight": np.sum(shares, axis=0)}

    return np.log(z[:, 0]) - lowest[:, 0], pullback
