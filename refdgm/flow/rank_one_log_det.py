"""The log-determinant of a matrix to which a matrix of rank one is added."""

from refdgm.declaration.domain import NAT, real, scale
from refdgm.flow.log_abs_det import log_det_and_inverse
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "matrix": real("B", "D", "D", meaning="A"),
        "u": real("B", "D", meaning="u, the column that is added"),
        "v": real("B", "D", meaning="v, how often to each column"),
    },
    wrt=("matrix", "u", "v"),
    result=real("B", meaning="log |det (A + u vᵀ)|"),
    source="sherman1950adjustment",
    conventions={"in bits": {"value": scale(NAT)}},
)
def rank_one_log_det(matrix: Array, u: Array, v: Array) -> Result:
    """The matrix determinant lemma: what u vᵀ does to a volume is one number, 1 + κ.

        J = log |det (A + u vᵀ)| = log |det A| + log |1 + κ|,   κ = vᵀ A⁻¹ u    (1)
        det (A + u vᵀ) = det N,   N = (A, u; −vᵀ, 1)                            (2)

    Cotangents for J_bar, those of N by log_abs_det:

        N_bar = J_bar N^{−T} = (A_bar, u_bar; −v_bar, ·)                        (3)

    which are A_bar = J_bar (A^{−T} − p qᵀ/(1 + κ)), u_bar = J_bar p/(1 + κ), v_bar = J_bar q/(1 + κ) with p = A^{−T} v
    and q = A⁻¹ u. Planar layers and low-rank covariances are of this kind, where A is diagonal and A⁻¹ costs nothing;
    here A is any. (1) is taken where |κ| < ½, and u_bar and v_bar with it, for it keeps the digits of a small κ.
    Elsewhere A may be nearly singular where A + u vᵀ is not, so that the terms of the lemma are large, and cancel; or u
    vᵀ so large that in the sum A is lost. N is neither. κ = −1 is J = −∞, or by rounding a large negative number.
    Source: Sherman & Morrison (1950) for the inverse; (1) is what it is the derivative of.
    """
    xp = namespace(matrix)
    upper = xp.concat([matrix, u[:, :, None]], axis=2)
    lower = xp.concat([-v[:, None, :], xp.ones((u.shape[0], 1, 1), dtype=u.dtype, device=u.device)], axis=2)
    of_border, inverse_of_border = log_det_and_inverse(xp.concat([upper, lower], axis=1))    # (2)
    log_det, inverse = log_det_and_inverse(matrix)
    x = xp.where((log_det > -xp.inf)[:, None, None], inverse(), xp.nan)
    p, q = (x @ v[:, :, None])[:, :, 0], (u[:, None, :] @ x)[:, 0, :]
    kappa = xp.sum(v * q, axis=1)
    little = kappa * kappa < 0.25
    log_det = xp.where(little, log_det + xp.log1p(xp.where(little, kappa, xp.zeros_like(kappa))), of_border)    # (1)

    def pullback(log_det_bar: Array) -> dict[str, Array]:
        border = log_det_bar[:, None, None] * inverse_of_border()             # (3)
        each = (log_det_bar / xp.where(little, 1 + kappa, xp.ones_like(kappa)))[:, None]
        return {
            "matrix": border[:, :-1, :-1],
            "u": xp.where(little[:, None], each * p, border[:, :-1, -1]),
            "v": xp.where(little[:, None], each * q, -border[:, -1, :-1]),
        }

    return log_det, pullback
