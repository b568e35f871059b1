"""The distance of two batches of features, as normal laws with their moments."""

from refdgm.declaration.domain import DATA, real
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.polar_factor import polar_factor
from refdgm.reference import reference

TWO = Bound(2, why="of a single sample there is no covariance")


@reference(
    args={
        "real": real("B", "D", kind=DATA, finite=True, meaning="x, features of data"),
        "fake": real("M", "D", kind=DATA, finite=True, meaning="y, features of samples"),
    },
    wrt=("real", "fake"),
    result=real(meaning="d², squared; of no sign but +"),
    source="heusel2017ttur",
    bounds={"B": TWO, "M": TWO, "D": Bound(1, why="features without a component are all the same")},
)
def frechet_inception_distance(real: Array, fake: Array) -> Result:
    """The Fréchet Inception distance, ‖μ − ν‖² + tr(Σ + Ω − 2(ΣΩ)^½), of the means and covariances of two batches,
    without a root of a matrix.

        F = (x − μ)/√(B − 1),   G = (y − ν)/√(M − 1),   Σ = FᵀF,   Ω = GᵀG    (1)
        U = polar factor of F Gᵀ, so that ⟨U, F Gᵀ⟩ = tr(ΣΩ)^½                (2)
        d² = ‖μ − ν‖² + ‖F − U G‖² + ‖G − UᵀU G‖²                             (3)

    Cotangents for the number a_bar of d²:

        x_bar = 2a_bar ((μ − ν)/B + (F − U G)/√(B − 1))                       (4)
        y_bar = 2a_bar ((ν − μ)/M + (G − UᵀF)/√(M − 1))                       (5)

    U makes ‖F − U G‖ smallest, so that its own change counts for nothing. (3) is a sum of squares: 0 for equal batches,
    never below. The gradient exists wherever F Gᵀ has the rank that its sizes allow, for fewer samples than components
    too, where that in Σ does not. Covariances have B − 1 and M − 1, each its own. What is reported is d², and where the
    laws agree it grows with 1/B and 1/M. F Gᵀ is B × M: of very many samples take moments.
    Source: Heusel et al. (2017), section 3; Dowson & Landau (1982) for normal laws.
    """
    xp = namespace(real)
    apart = xp.mean(real, axis=0) - xp.mean(fake, axis=0)
    root_b, root_m = (xp.sqrt(xp.full((), x.shape[0] - 1, dtype=x.dtype, device=x.device)) for x in (real, fake))
    f = (real - xp.mean(real, axis=0)) / root_b                               # (1)
    g = (fake - xp.mean(fake, axis=0)) / root_m                               # (1)
    u = polar_factor(f @ g.T)                                                 # (2)
    u = u - xp.mean(u, axis=0)  # what rounding has made of the vector of ones, of which F Gᵀ has nothing
    u = u - xp.mean(u, axis=1, keepdims=True)
    here, there = f - u @ g, g - u.T @ f
    missed = g - u.T @ (u @ g)
    distance = xp.sum(apart**2) + xp.sum(here**2) + xp.sum(missed**2)         # (3)

    def pullback(distance_bar: Array) -> dict[str, Array]:
        return {
            "real": 2 * distance_bar * (apart / real.shape[0] + here / root_b),     # (4)
            "fake": 2 * distance_bar * (there / root_m - apart / fake.shape[0]),    # (5)
        }

    return distance, pullback
