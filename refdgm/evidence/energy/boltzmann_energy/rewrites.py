"""The energy of a Boltzmann machine, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.boltzmann_energy import boltzmann_energy
from refdgm.evidence.declare import rewrite


@rewrite(boltzmann_energy)
def a_unit_that_is_always_on(y: Any, W: Any, b: Any) -> Any:
    """The biases are the weights of one more unit, which is on."""
    n = y.shape[1]
    whole = np.zeros((n + 1, n + 1), y.dtype)
    whole[:n, :n], whole[n, :n], whole[:n, n] = W, b, b
    z = np.concatenate([y, np.ones_like(y[:, :1])], axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        of_z = -0.5 * bar[:, None] * (z @ whole + z @ whole.T)
        of_whole = -0.5 * np.einsum("b,bi,bj->ij", bar, z, z)
        return {"y": of_z[:, :n], "W": of_whole[:n, :n], "b": of_whole[n, :n] + of_whole[:n, n]}

    return -0.5 * np.einsum("bi,ij,bj->b", z, whole, z), pullback


@rewrite(boltzmann_energy)
def unit_by_unit(y: Any, W: Any, b: Any) -> Any:
    """Units are added one after the other, each in the field of those before it."""
    value, of_y = np.zeros_like(y[:, 0]), np.zeros_like(y)
    for i in range(y.shape[1]):
        coupled = 0.5 * (W[i] + W[:, i])
        value -= y[:, i] * (b[i] + 0.5 * W[i, i] * y[:, i] + y[:, :i] @ coupled[:i])
        of_y[:, i] = -(b[i] + y @ coupled)

    def pullback(bar: Any) -> dict[str, Any]:
        return {"y": bar[:, None] * of_y, "W": np.sum([-0.5 * w * np.outer(s, s) for w, s in zip(bar, y, strict=True)]
                                                      + [0 * W], axis=0), "b": -(bar @ y)}

    return value, pullback
