"""The distance of two batches by the distances of their points."""

from refdgm.declaration.domain import DATA, real, scale
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.directions import directions
from refdgm.reference import reference

SOME = Bound(1, why="of no point there is no distance")


@reference(
    args={
        "real": real("B", "D", kind=DATA, finite=True, distinct=True, meaning="x, points of data"),
        "fake": real("M", "D", kind=DATA, finite=True, distinct=True, meaning="y, points of samples"),
    },
    wrt=("real", "fake"),
    result=real(meaning="E, never below zero"),
    source="szekely2013energy",
    bounds={"B": SOME, "M": SOME, "D": Bound(1, why="points without a component are all the same")},
    conventions={
        "half of it, on a line Cramér's distance ∫ (F − G)²": {"value": scale(0.5)},
    },
)
def energy_distance(real: Array, fake: Array) -> Result:
    """How much farther points of two batches are from one another than from those of their own.

        E = 2 Σ ‖xᵢ − yⱼ‖/(BM) − Σ ‖xᵢ − xⱼ‖/B² − Σ ‖yᵢ − yⱼ‖/M²              (1)

    Cotangents for the number e_bar of E, with u(a, b) = (a − b)/‖a − b‖, and 0 for a = b:

        x_barᵢ = 2e_bar (Σ_j u(xᵢ, yⱼ)/(BM) − Σ_j u(xᵢ, xⱼ)/B²)               (2)
        y_barᵢ = 2e_bar (Σ_j u(yᵢ, xⱼ)/(BM) − Σ_j u(yᵢ, yⱼ)/M²)               (3)

    The distance of the two empirical laws: all pairs are counted, those of a point with itself too, whose distance is
    zero. So it is zero where both batches are one in another order, and otherwise above; in the mean over batches it is
    too large by what the diagonals lack, and the estimate without them is a variant. It is the squared maximum mean
    discrepancy of −‖a − b‖, which has no width to choose; it is in the units of the points, no square of them. Where
    two points are one, there is a kink, and 0 is its slope. Every difference is formed, so that none cancels: that
    costs B · M · D numbers.
    Source: Székely & Rizzo (2013), section 2, of empirical laws.
    """
    xp = namespace(real)
    across, to_fake = directions(real, fake)
    of_real, among_real = directions(real, real)
    of_fake, among_fake = directions(fake, fake)
    of_data = xp.mean(across, axis=1) - xp.mean(of_real, axis=1)  # of each point, where the most cancels
    of_samples = xp.mean(across, axis=0) - xp.mean(of_fake, axis=1)
    value = xp.mean(of_data) + xp.mean(of_samples)                            # (1)

    def pullback(value_bar: Array) -> dict[str, Array]:
        drawn = xp.mean(to_fake, axis=1) - xp.mean(among_real, axis=1)
        driven = xp.mean(to_fake, axis=0) + xp.mean(among_fake, axis=1)
        return {
            "real": 2 * value_bar / real.shape[0] * drawn,                    # (2)
            "fake": -2 * value_bar / fake.shape[0] * driven,                  # (3)
        }

    return value, pullback
