"""The energy of a Boltzmann machine: units that are off or on, joined in pairs."""

from refdgm.declaration.domain import real, scale
from refdgm.energy.machine import UNITS, WEIGHTS, symmetric
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={"y": UNITS, **WEIGHTS},
    wrt=("y", "W", "b"),
    result=real("B", meaning="E, low where y is likely"),
    source="ackley1985boltzmann",
    conventions={
        "minus the energy, an unnormalised log-probability": {"value": scale(-1.0)},
        "thresholds θ = −b": {"b": scale(-1.0)},
        "without the half, −yᵀWy": {"W": scale(0.5)},
    },
)
def boltzmann_energy(y: Array, W: Array, b: Array) -> Result:
    """The energy of a state of a Boltzmann machine.

        E = −½ yᵀWy − bᵀy                                                         (1)

    Cotangents for E_bar:

        y_bar = −E_bar (½ (W + Wᵀ) y + b)                                         (2)
        W_bar = −½ Σ E_bar y yᵀ,   b_bar = −Σ E_bar y,  summed over the examples  (3)

    W is taken as it is: of a pair W_ij + W_ji counts, and of a unit that is on ½ W_ii. For a symmetric W without a
    diagonal (1) is minus the sum of W_ij over the pairs that are on, as the paper has it; whoever ties W_ij = W_ji adds
    both entries of W_bar, and the half of (3) is gone. Units are 0 and 1: of spins ±1 the same letters are another
    energy. Numbers between, which are means or grey values, are taken as they are.
    Source: Ackley, Hinton & Sejnowski (1985), the energy of a global state, with thresholds −b.
    """
    xp = namespace(y)
    pairs = y @ symmetric(W)
    energy = -xp.sum(y * (pairs / 2 + b), axis=-1)                            # (1)

    def pullback(energy_bar: Array) -> dict[str, Array]:
        pulled = energy_bar[:, None] * y
        return {
            "y": -energy_bar[:, None] * (pairs + b),                          # (2)
            "W": -(pulled.T @ y) / 2,                                         # (3)
            "b": -xp.sum(pulled, axis=0),
        }

    return energy, pullback
