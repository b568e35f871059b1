"""What machines of units that are off or on share: their arguments, and the part of a matrix that counts."""

from refdgm.declaration.domain import PARAMETER, real, share
from refdgm.namespace import Array

UNITS = share("B", "D", meaning="y, units from 0 (off) to 1 (on)")
WEIGHTS = {
    "W": real("D", "D", kind=PARAMETER, meaning="W, any matrix; of a pair W_ij + W_ji counts"),
    "b": real("D", kind=PARAMETER, meaning="b, of each unit by itself"),
}


def symmetric(W: Array) -> Array:
    """½ (W + Wᵀ)."""
    return (W + W.T) / 2
