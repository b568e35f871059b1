"""What machines of units that are off or on share: their arguments, and the part of a matrix that counts."""

from refdgm.declaration.domain import PARAMETER, Exchange, positive, real, share
from refdgm.namespace import Array

UNITS = share("B", "D", meaning="y, units from 0 (off) to 1 (on)")
WEIGHTS = {
    "W": real("D", "D", kind=PARAMETER, meaning="W, any matrix; of a pair W_ij + W_ji counts"),
    "b": real("D", kind=PARAMETER, meaning="b, of each unit by itself"),
}
TEMPERATURE = positive(meaning="T, by which every energy is divided")
INVERSE = {
    "β = 1/T in place of T": Exchange(
        "temperature", "beta", "1/T",
        there=lambda x: 1 / x["temperature"],
        back=lambda x: 1 / x["beta"],
        pulled=lambda x, bar: {"temperature": -bar["temperature"] * x["temperature"] * x["temperature"]},
    ),
}


def symmetric(W: Array) -> Array:
    """½ (W + Wᵀ)."""
    return (W + W.T) / 2
