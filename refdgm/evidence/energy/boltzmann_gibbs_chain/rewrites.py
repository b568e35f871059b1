"""Sweeps over the units of a Boltzmann machine, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.boltzmann_gibbs_chain import boltzmann_gibbs_chain
from refdgm.evidence.declare import rewrite


@rewrite(boltzmann_gibbs_chain)
def by_the_odds(y: Any, W: Any, b: Any, temperature: Any, u: Any) -> Any:
    """One chain after the other; a unit is on where u e^{−a} < 1 − u."""
    found = np.zeros(u.shape, np.int64)
    for chain in range(len(y)):
        state = np.array(y[chain])
        for t in range(u.shape[1]):
            for i in range(u.shape[2]):
                state[i] = 0
                gap = (0.5 * (W[i] + W[:, i]) @ state + 0.5 * W[i, i] + b[i]) / temperature
                with np.errstate(over="ignore"):
                    state[i] = u[chain, t, i] * np.exp(-gap) < 1 - u[chain, t, i]
            found[chain, t] = state
    return found
