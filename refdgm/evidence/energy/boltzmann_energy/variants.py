"""Other energies under the same letters."""

from typing import Any

from refdgm.energy.boltzmann_energy import boltzmann_energy
from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace

BODY = boltzmann_energy.body


def masked(y: Array, W: Array, b: Array, mask: Array) -> Any:
    """The energy of the weights that are left."""
    value, right = BODY(y, mask * W, b)
    return value, lambda bar: (g := right(bar)) | {"W": mask * g["W"]}


@variant("pairs i < j above the diagonal", boltzmann_energy)
def upper_triangle(y: Array, W: Array, b: Array) -> Any:
    """−Σ_{i<j} W_ij y_i y_j − bᵀy: each pair has one weight, and what stands below does not count."""
    xp = namespace(y)
    i = xp.arange(W.shape[0])
    return masked(y, W, b, 2 * xp.astype(i[:, None] < i[None, :], W.dtype))


@variant("no unit meets itself", boltzmann_energy)
def hollow(y: Array, W: Array, b: Array) -> Any:
    """The diagonal of W is taken for zero, whatever stands there."""
    return masked(y, W, b, 1 - namespace(y).eye(W.shape[0], dtype=W.dtype))


@variant("spins s = 2y − 1", boltzmann_energy)
def of_spins(y: Array, W: Array, b: Array) -> Any:
    """The energy of an Ising model: units of ±1, which are made of y."""
    value, right = BODY(2 * y - 1, W, b)
    return value, lambda bar: (g := right(bar)) | {"y": 2 * g["y"]}
