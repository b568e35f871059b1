"""The log-likelihood of a Boltzmann machine without hidden units, by all of its states."""

from refdgm.declaration.domain import NAT, real, scale
from refdgm.declaration.symbols import Bound
from refdgm.energy.boltzmann_energy import boltzmann_energy
from refdgm.energy.machine import INVERSE, TEMPERATURE, UNITS, WEIGHTS, symmetric
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.enumeration import normalised, states
from refdgm.reference import reference


@reference(
    args={"y": UNITS, **WEIGHTS, "temperature": TEMPERATURE},
    wrt=("y", "W", "b", "temperature"),
    result=real("B", meaning="log P(y), in nats"),
    source="ackley1985boltzmann",
    conventions={
        "the negative log-likelihood, a loss": {"value": scale(-1.0)},
        "in bits": {"value": scale(NAT)},
        "thresholds θ = −b": {"b": scale(-1.0)},
        "without the half, −yᵀWy": {"W": scale(0.5)},
    },
    exchanges=INVERSE,
    bounds={"D": Bound(1, 20, "it lists all 2^D states; beyond that log Z is estimated, or never formed")},
)
def boltzmann_log_likelihood(y: Array, W: Array, b: Array, temperature: Array) -> Result:
    """The log-likelihood of a Boltzmann machine, and its gradient: data less model.

        E = −½ yᵀWy − bᵀy,   p(s) = e^{−E(s)/T} / Z                                       (1)
        J = log P(y) = −E(y)/T − log Z,   Z = Σ_s e^{−E(s)/T}                             (2)

    over all 2^D states s. Cotangents for J_bar, with ⟨·⟩ the mean under p:

        y_bar = J_bar (½ (W + Wᵀ) y + b) / T                                              (3)
        W_bar = ½ (Σ J_bar y yᵀ − (Σ J_bar) ⟨s sᵀ⟩) / T,   b_bar = Σ J_bar (y − ⟨s⟩) / T  (4)
        T_bar = Σ J_bar (E(y) − ⟨E⟩) / T²                                                 (5)

    Energies are measured from the lowest. W is a free matrix: for tied W_ij = W_ji both entries of (4) are added, and
    the half is gone, which is the rule of the paper. −log Z is J at y = 0, for E(0) = 0. Training is at rest where the
    data have the means ⟨s sᵀ⟩ and ⟨s⟩.
    Source: Ackley, Hinton & Sejnowski (1985), the law of the states, and the learning rule of its appendix.
    """
    xp = namespace(y)
    s = states(y.shape[1], y)
    of_states, of_data = boltzmann_energy.body(s, W, b)[0], boltzmann_energy.body(y, W, b)[0]
    lowest = xp.min(of_states)
    total, p = normalised((lowest - of_states) / temperature)                 # (1)
    value = (lowest - of_data) / temperature - total                          # (2)

    def pullback(value_bar: Array) -> dict[str, Array]:
        bar, mean = value_bar[:, None], p @ s
        correlated = (s.T * p) @ s
        above = (of_data - lowest) - xp.sum(p * (of_states - lowest))
        return {
            "y": bar * (y @ symmetric(W) + b) / temperature,                  # (3)
            "W": ((bar * y).T @ y - xp.sum(value_bar) * correlated) / 2 / temperature,
            "b": xp.sum(bar * (y - mean), axis=0) / temperature,              # (4)
            "temperature": xp.sum(value_bar * above) / temperature / temperature,    # (5)
        }

    return value, pullback
