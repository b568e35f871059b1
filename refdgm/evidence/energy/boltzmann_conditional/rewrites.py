"""The conditional of a unit, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.boltzmann_conditional import boltzmann_conditional
from refdgm.evidence.declare import rewrite


@rewrite(boltzmann_conditional)
def unit_by_unit(y: Any, W: Any, b: Any, temperature: Any) -> Any:
    """A row of fields after the other; half of one plus tanh in the middle, an exponential in the tails."""
    units = range(W.shape[0])
    others = [np.array([0.5 * (W[i, j] + W[j, i]) if j != i else 0 * W[i, i] for j in units]) for i in units]
    a = np.stack([(y @ others[i] + 0.5 * W[i, i] + b[i]) / temperature for i in units], axis=1)
    e = np.exp(-abs(a))
    on = np.where(a < 0, e / (1 + e), 1 / (1 + e))

    def pullback(bar: Any) -> dict[str, Any]:
        f = bar * (e / (1 + e) ** 2) / temperature
        of_w = np.zeros_like(W)
        for i in units:
            for j in units:
                of_w[i, j] = 0.5 * (f[:, i] @ y[:, j] + f[:, j] @ y[:, i]) if i != j else 0.5 * np.sum(f[:, i])
        return {"y": sum((f[:, i, None] * others[i] for i in units), start=0 * y), "W": of_w, "b": np.sum(f, axis=0),
                "temperature": -np.sum(f * a)}

    return on, pullback
