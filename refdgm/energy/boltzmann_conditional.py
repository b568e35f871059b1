"""A unit of a Boltzmann machine, given all others."""

from refdgm.declaration.domain import scale, share
from refdgm.energy.machine import INVERSE, TEMPERATURE, UNITS, WEIGHTS, symmetric
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.halves import halves
from refdgm.reference import reference


@reference(
    args={"y": UNITS, **WEIGHTS, "temperature": TEMPERATURE},
    wrt=("y", "W", "b", "temperature"),
    result=share("B", "D", meaning="p, the chance of each unit to be on"),
    source="ackley1985boltzmann",
    conventions={"thresholds θ = −b": {"b": scale(-1.0)}, "without the half, −yᵀWy": {"W": scale(0.5)}},
    exchanges=INVERSE,
)
def boltzmann_conditional(y: Array, W: Array, b: Array, temperature: Array) -> Result:
    """Each unit's chance to be on, where all others are as they are: what a Gibbs step draws from.

        W° = ½ (W + Wᵀ) without its diagonal                                         (1)
        a = z / T,   z = y W° + ½ diag W + b                                         (2)
        p = P(y_i = 1 | y_j, j ≠ i) = σ(a)                                           (3)

    Cotangents for p_bar:

        f = p_bar σ(a) σ(−a),   y_bar = f W° / T                                     (4)
        W_bar = ½ (Σ f yᵀ + Σ y fᵀ) / T without its diagonal, on which is ½ Σ f / T  (5)
        b_bar = Σ f / T,   T_bar = −Σ f z / T²                                       (6)

    z is the energy of the unit being off less that of its being on, by boltzmann_energy, so that nothing is asked of W:
    what a unit itself is has no part in p. For a symmetric W without a diagonal z = W y + b, as papers have it, and
    there alone. σ(−a) is not formed as 1 − p, which is zero long before the slope is.
    Source: Ackley, Hinton & Sejnowski (1985), the probability of a unit to be on, by its gap of energy.
    """
    xp = namespace(y)
    own = xp.eye(W.shape[0], dtype=W.dtype, device=W.device)
    coupled = symmetric(W) * (1 - own)                                        # (1)
    z = y @ coupled + xp.sum(W * own, axis=0) / 2 + b                         # (2)
    on, off = halves(z / temperature)                                         # (3)

    def pullback(on_bar: Array) -> dict[str, Array]:
        f = on_bar * on * off
        total = xp.sum(f, axis=0)
        return {
            "y": f @ coupled / temperature,                                   # (4)
            "W": (symmetric(f.T @ y) * (1 - own) + own * (total / 2)) / temperature,    # (5)
            "b": total / temperature,
            "temperature": -xp.sum(f * z) / temperature / temperature,        # (6)
        }

    return on, pullback
