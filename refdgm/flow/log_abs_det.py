"""The logarithm of an absolute determinant: what a linear map does to volumes."""

from collections.abc import Callable

from refdgm.declaration.domain import NAT, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.orthonormal_rows import in_units, orthonormal_rows
from refdgm.numerics.quotient import or_one
from refdgm.reference import reference


@reference(
    args={"matrix": real("B", "D", "D", meaning="M, the Jacobian ∂x/∂z of a map, or its weights")},
    wrt=("matrix",),
    result=real("B", meaning="log |det M|"),
    source="giles2008matrix",
    conventions={"in bits": {"value": scale(NAT)}},
)
def log_abs_det(matrix: Array) -> Result:
    """The log-determinant of a change of variables x = M z, or of any whose Jacobian is M.

    M = R S C, R and C diagonal with the units of rows and columns. The rows of S are made orthonormal by Gram and
    Schmidt, twice: W S = Q with a triangular W, and n_i are the lengths that were divided by. Then

        J = log |det M| = Σ log n_i + Σ log R_ii + Σ log C_ii                (1)

    and a density changes by it, log p(x) = log p(z) − J. Cotangent for J_bar, by Jacobi's formula dJ = tr(M⁻¹ dM):

        X = Wᵀ Q,   X ← X + (I − X Sᵀ) X                                     (2)
        M_bar = J_bar M^{−T} = J_bar R⁻¹ X C⁻¹                               (3)

    X is S^{−T}; the second step of (2) gives the small elements of an inverse their own digits back, but for those that
    are exactly zero, of which 1e-33 may be left. The sign of the determinant is lost on purpose, and is not its
    logarithm. No elimination: its pivots would have to be looked for.
    Of a convolution of size 1 × 1 all pixels have the same M: J counts as often as there are pixels, which is left to
    the caller. Where M has a row or column of zeros J = −∞, and M_bar is infinite; of other singular matrices J may be
    that or, by rounding, a large negative number.
    Source: Giles (2008), on the determinant; with the absolute value, as Kingma & Dhariwal (2018) use it.
    """
    log_det, inverse = log_det_and_inverse(matrix)                            # (1)

    def pullback(log_det_bar: Array) -> dict[str, Array]:
        return {"matrix": log_det_bar[:, None, None] * inverse()}             # (3)

    return log_det, pullback


def log_det_and_inverse(matrix: Array) -> tuple[Array, Callable[[], Array]]:
    """(1) of log_abs_det, and what computes M^{−T}, by (2)."""
    xp = namespace(matrix)
    unit, rows, columns = in_units(matrix)
    q, w, n = orthonormal_rows(unit)
    lengths = xp.concat([n, rows, xp.matrix_transpose(columns)], axis=1)
    singular = xp.any(lengths == 0, axis=1, keepdims=True)
    logs = xp.log(xp.where(singular, xp.ones_like(lengths), lengths))
    log_det = xp.where(singular[:, 0, 0], -xp.inf, xp.sum(logs, axis=(1, 2)))

    def inverse() -> Array:
        x = xp.matrix_transpose(w) @ q
        one = xp.eye(matrix.shape[1], dtype=matrix.dtype, device=matrix.device)
        x = x + (one - x @ xp.matrix_transpose(unit)) @ x                     # (2)
        return xp.where(singular, xp.inf, x) / or_one(rows) / or_one(columns)

    return log_det, inverse
