"""The log-likelihood of a Boltzmann machine, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.boltzmann_log_likelihood import boltzmann_log_likelihood
from refdgm.evidence.declare import rewrite


@rewrite(boltzmann_log_likelihood)
def state_by_state(y: Any, W: Any, b: Any, temperature: Any) -> Any:
    """Every state against every example: J = −log Σ_s e^{(E(y) − E(s))/T}, in a loop over the states, last first."""
    units = y.shape[1]
    energy = lambda z: -0.5 * np.einsum("bi,ij,bj->b", z, W, z) - z @ b
    of_data, rows, gaps = energy(y), [], []
    for number in reversed(range(2**units)):
        row = np.array([[number >> i & 1 for i in range(units)]], y.dtype)
        rows.append(row[0])
        gaps.append((of_data - energy(row)) / temperature)
    every, gap = np.array(rows), np.array(gaps)
    top = np.max(gap, axis=0)
    weights = np.exp(gap - top)
    share = weights / np.sum(weights, axis=0)

    def pullback(bar: Any) -> dict[str, Any]:
        seen = share @ bar
        field = y @ (W + W.T) / 2 + b
        of_w = (np.einsum("b,bi,bj->ij", bar, y, y) - np.einsum("s,si,sj->ij", seen, every, every)) / (2 * temperature)
        of_b = np.einsum("b,sb,sbi->i", bar, share, y[None] - every[:, None]) / temperature
        return {"y": bar[:, None] * field / temperature, "W": of_w, "b": of_b,
                "temperature": np.sum(bar * np.sum(share * gap, axis=0)) / temperature}

    return -(top + np.log(np.sum(weights, axis=0))), pullback
