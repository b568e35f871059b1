"""The components of a noised Gaussian mixture at a point: how far each is, and how likely."""

from typing import NamedTuple

from refdgm.declaration.domain import PARAMETER, logits, positive, real
from refdgm.namespace import Array, namespace
from refdgm.numerics.nearest_shares import nearest_shares
from refdgm.numerics.whitening import whitening

MIXTURE = {
    "x": real("B", "D", meaning="x, the noised variable"),
    "logits": logits("K", kind=PARAMETER, meaning="ℓ, unnormalised log-weights of the components"),
    "means": real("K", "D", kind=PARAMETER, meaning="μ_k, the components' means"),
    "factors": real("K", "D", "D", kind=PARAMETER,
                    meaning="F_k, any factors of their covariances: Σ_k = F_k F_kᵀ, singular ones too"),
    "a": real(meaning="a, the scale of the data in x", finite=True),
    "sigma": positive(meaning="σ, the standard deviation of the noise in x"),
}


class Parts(NamedTuple):
    """What every quantity of the mixture is made of, components first."""

    whitener: Array  # W_k, (K, D, D)
    apart: Array  # u_k = W_k (a μ_k − x), (K, B, D)
    share: Array  # r_k = p(k | x), (K, B); this and the next three are those of nearest_shares
    total: Array  # (B,)
    largest: Array  # (B,), of log w_k + log det (W_k, its rows over `unit`) − ‖u_k‖²/2, over n²
    n: Array  # (B,)
    unit: Array  # the harmonic mean of the W_k's diagonals, (D,)


def parts(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Parts:
    """The shares of the components, and what they are made of.

    log det W_k is measured from the widest components', for a component may be so much narrower than the others that
    in its units the differences between those vanish.
    """
    xp = namespace(x)
    _, whitener = whitening(factors, a, sigma)
    apart = (a * means[:, None, :] - x[None, :, :]) @ xp.matrix_transpose(whitener)
    weight = logits - xp.max(logits)
    weight = weight - xp.log(xp.sum(xp.exp(weight)))
    diagonal = xp.sum(whitener * xp.eye(x.shape[1], dtype=x.dtype, device=x.device), axis=2)
    unit = 1 / xp.mean(1 / diagonal, axis=0)
    constant = weight + xp.sum(xp.log(diagonal / unit), axis=1)
    return Parts(whitener, apart, *nearest_shares(constant, apart), unit)


def mean_score(known: Parts) -> Array:
    """s = Σ_k r_k W_kᵀ u_k."""
    return namespace(known.share).sum((known.share[:, :, None] * known.apart) @ known.whitener, axis=0)


def centred(known: Parts) -> Array:
    """√r_k (g_k − s), (K, B, D): a narrow component's g_k is squared where its share has made it small, not before."""
    root = namespace(known.share).sqrt(known.share)[:, :, None]
    return (root * known.apart) @ known.whitener - root * mean_score(known)
