"""The largest singular value of a matrix, approached, and the matrix divided by it."""

from refdgm.declaration.domain import PARAMETER, count, real
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Results, namespace
from refdgm.numerics.length import length
from refdgm.numerics.quotient import or_one
from refdgm.reference import quantity, reference

W = real("E", "D", kind=PARAMETER, finite=True, meaning="W, weights, (out, in)")
SOME = Bound(1, why="nothing has no singular value; leave such weights as they are")


def _normalized(a: Array) -> Array:
    return a / or_one(length(a[None, ...]))


@quantity(
    args={
        "W": W,
        "u": real("E", kind=PARAMETER, finite=True, meaning="u, of any length: the last one, or any"),
        "iterations": count(1, meaning="T, rounds; one, where W moves a little at a time"),
    },
    result={
        "u_next": real("E", meaning="u, on the side of the outputs"),
        "v_next": real("D", meaning="v, on that of the inputs"),
    },
    source="miyato2018spectral",
    bounds={"E": SOME, "D": SOME},
)
def power_iteration(W: Array, u: Array, *, iterations: int) -> tuple[Array, ...]:
    """Towards the first pair of singular vectors of W, repeated T times:

        v = Wᵀu / ‖Wᵀu‖,   u = Wv / ‖Wv‖                                      (1)

    Every round shrinks what is not the first pair by (s₂/s₁)², of the largest two singular values: where they agree it
    stays as it began. u and v have length one, or are zero where u was orthogonal to all that W sees. No derivative:
    they are held by what uses them. A network changes as it is evaluated if u is replaced then.
    Source: Miyato et al. (2018), algorithm 1.
    """
    W, u = _normalized(W), _normalized(u)  # nothing overflows from here on
    for _ in range(iterations):
        v = _normalized(u @ W)                                                # (1)
        u = _normalized(W @ v)                                                # (1)
    return u, v


@reference(
    args={
        "W": W,
        "u": real("E", kind=PARAMETER, finite=True, meaning="u, held, of length one"),
        "v": real("D", kind=PARAMETER, finite=True, meaning="v, held, of length one; nothing is normalised here"),
    },
    wrt=("W",),
    result={
        "normalized": real("E", "D", meaning="W / σ"),
        "sigma": real(meaning="σ, of the largest singular value no more than it"),
    },
    source="miyato2018spectral",
    bounds={"E": SOME, "D": Bound(2, why="of a single input W/σ is W but for its length; divide by that")},
)
def spectral_normalization(W: Array, u: Array, v: Array) -> Results:
    """Weights whose largest singular value is one, as nearly as u and v are its vectors.

        σ = uᵀWv,   Y = W/σ                                                   (1)

    Cotangent for Y_bar and σ_bar:

        W_bar = Y_bar/σ + (σ_bar − ⟨Y_bar, Y⟩/σ) u vᵀ                         (2)

    The exact derivative of (1) with u and v held; at the first pair it is that of W/‖W‖₂ as well, for there what the
    vectors themselves change is of second order in σ. (2) takes from Y_bar what would lengthen W alone: ⟨W, W_bar⟩ = σ
    σ_bar, and 0 for σ_bar = 0. σ may be negative, or nearly zero, for u and v that are no pair; of a pair by
    power_iteration it is ‖Wv‖. Weights of a convolution are a matrix of (out, everything else).
    Source: Miyato et al. (2018), section 2.1 and algorithm 1; (2) is their gradient, with σ_bar beside it.
    """
    xp = namespace(W)
    sigma = xp.sum(u * (W @ v))                                               # (1)
    normalized = W / sigma                                                    # (1)

    def pullback(normalized_bar: Array, sigma_bar: Array) -> dict[str, Array]:
        along = sigma_bar - xp.sum(normalized_bar * normalized) / sigma
        return {"W": normalized_bar / sigma + along * (u[:, None] * v[None, :])}    # (2)

    return (normalized, sigma), pullback
