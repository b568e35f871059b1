"""The distance of two normal laws, from their moments."""

from refdgm.declaration.domain import DATA, covariance, real
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.polar_factor import has_rank, polar_factor
from refdgm.numerics.triangular_factor import triangular_factor
from refdgm.reference import reference


@reference(
    args={
        "mean_p": real("D", kind=DATA, finite=True, meaning="μ"),
        "cov_p": covariance("D", kind=DATA, meaning="Σ; its symmetric part is read"),
        "mean_q": real("D", kind=DATA, finite=True, meaning="ν"),
        "cov_q": covariance("D", kind=DATA, meaning="Ω; its symmetric part is read"),
    },
    wrt=("mean_p", "cov_p", "mean_q", "cov_q"),
    result=real(meaning="d², squared; of no sign but +"),
    source="dowson1982frechet",
    bounds={"D": Bound(1, why="laws without a component are all the same")},
)
def frechet_distance(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Result:
    """The squared Fréchet distance, or 2-Wasserstein distance, ‖μ − ν‖² + tr(Σ + Ω − 2(ΣΩ)^½), of two normal laws,
    without a root of a matrix.

        Σ = FᵀF,   Ω = GᵀG,   F and G triangular but for an order of columns    (1)
        U = polar factor of F Gᵀ, so that ⟨U, F Gᵀ⟩ = tr(ΣΩ)^½                  (2)
        d² = ‖μ − ν‖² + ‖F − U G‖² + ‖G − UᵀU G‖²                               (3)

    Cotangents for the number a_bar of d², as of matrices with free elements, of which the symmetric part is read:

        μ_bar = 2a_bar (μ − ν) = −ν_bar                                         (4)
        Σ_bar = a_bar sym F^{−1}(F − U G),   Ω_bar = a_bar sym G^{−1}(G − UᵀF)  (5)

    F^{−1} U G is symmetric and the map that carries the one law to the other: I − Σ_bar/a_bar = T has T Σ T = Ω, and I
    − Ω_bar/a_bar is its inverse. U makes ‖F − U G‖ smallest, so that its change counts for nothing. (3) is a sum of
    squares, 0 for equal laws and never below; its last term is 0 but for a singular Σ. Of a singular covariance the
    value is right, as far as a root has digits near zero, and its gradient, which does not exist, is NaN or infinite;
    so are both where singular values of F Gᵀ are 10¹² apart. Covariances of batches need more samples than components
    for a gradient, but not in `frechet_inception_distance`, which takes the batches themselves.
    Source: Dowson & Landau (1982) for normal laws; Heusel et al. (2017), section 3, for features.
    """
    xp = namespace(cov_p)
    apart = mean_p - mean_q
    f, f_inverse, f_found = triangular_factor((cov_p + cov_p.T) / 2)          # (1)
    g, g_inverse, g_found = triangular_factor((cov_q + cov_q.T) / 2)          # (1)
    u = polar_factor(f @ g.T)                                                 # (2)
    here, there = f - u @ g, g - u.T @ f
    missed = g - u.T @ (u @ g)
    distance = xp.sum(apart**2) + xp.sum(here**2) + xp.sum(missed**2)         # (3)

    whole = has_rank(u, xp.minimum(xp.sum(f_found), xp.sum(g_found)))

    def pullback(distance_bar: Array) -> dict[str, Array]:
        at_p = (f_inverse / f_found).T @ here / whole
        at_q = (g_inverse / g_found).T @ there / whole
        return {
            "mean_p": 2 * distance_bar * apart,                               # (4)
            "cov_p": distance_bar * (at_p + at_p.T) / 2,                      # (5)
            "mean_q": -2 * distance_bar * apart,                              # (4)
            "cov_q": distance_bar * (at_q + at_q.T) / 2,                      # (5)
        }

    return distance, pullback
