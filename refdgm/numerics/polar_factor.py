"""The nearest thing to a rotation that a matrix has, by products alone."""

from refdgm.namespace import Array, namespace
from refdgm.numerics.quotient import or_one

UP, ON = 30, 12  # steps; of the length of all, singular values from 10⁻¹² on reach 1, and 10⁻¹⁷ that is rounding, 10⁻³


def polar_factor(c: Array) -> Array:
    """C (CᵀC)^{−1/2}, where no singular value is zero.

    U = Σ uᵢvᵢᵀ over the singular vectors of those that are not zero: it makes ⟨U, C⟩ as large as any matrix of singular
    values up to one. An odd polynomial of C has its singular vectors, and so its factor. From C over its length,
    X (5 − 2XᵀX)/2 takes small singular values s to 5s/2 and ends between 0.28 and 1.53, from where Newton and Schulz's
    X (3 − XᵀX)/2 goes to 1. Both leave zero where it is. A fixed number of steps, so that nothing is read.
    """
    xp = namespace(c)
    x = c / or_one(xp.sum(xp.abs(c)))  # no square of it overflows or vanishes
    x = x / or_one(xp.sqrt(xp.sum(x * x)))
    for _ in range(UP):
        x = (5 * x - 2 * _cubed(x)) / 2
    for _ in range(ON):
        x = (3 * x - _cubed(x)) / 2
    return x


def has_rank(u: Array, rank: Array) -> Array:
    """[‖U‖² = r], 1 or 0.

    Whether of a polar factor as many singular values have come to 1 as there are: those below 10⁻¹² of a length have
    not, and what is formed of U has nothing of their directions.
    """
    xp = namespace(u)
    return xp.where(xp.abs(xp.sum(u * u) - rank) * 16 <= 1, xp.ones_like(rank), xp.zeros_like(rank))


def _cubed(x: Array) -> Array:
    """X XᵀX, by the smaller of two squares."""
    return (x @ x.T) @ x if x.shape[0] < x.shape[1] else x @ (x.T @ x)
