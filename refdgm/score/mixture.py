"""A Gaussian mixture under noising, x_t = a x_0 + σ ε: its log-density, its score and its Hessian, exactly.

The ground truth of score-based models: multimodal, in any dimension, with full covariances. Everything is built
from `whitening`, which never forms the covariances themselves.
"""

from typing import NamedTuple

from refdgm.domain import logits, positive, real
from refdgm.namespace import Array, namespace
from refdgm.reference import quantity, reference

MIXTURE = {
    "x": real("B", "D", meaning="x, the noised variable"),
    "logits": logits("K", meaning="ℓ, unnormalised log-weights of the components"),
    "means": real("K", "D", meaning="μ_k, the components' means"),
    "factors": real("K", "D", "D", meaning="F_k, any factors of their covariances: Σ_k = F_k F_kᵀ, singular ones too"),
    "a": real(meaning="a, the scale of the data in x", finite=True),
    "sigma": positive(meaning="σ, the standard deviation of the noise in x"),
}


class Parts(NamedTuple):
    """What every quantity of the mixture is made of, components first."""

    whitener: Array  # W_k, (K, D, D)
    apart: Array  # u_k = W_k (a μ_k − x), (K, B, D)
    share: Array  # r_k = p(k | x), (K, B)
    total: Array  # Σ_k of the components' densities over the largest of them, (B,)
    largest: Array  # log w_k + log det σ W_k − ‖u_k‖²/2 of that one, over n², (B,)
    n: Array  # beyond every |u_k|, (B,)


def whitening(factors: Array, a: Array, sigma: Array) -> tuple[Array, Array]:
    """W_k F_k and W_k, lower-triangular, with W_k S_k W_kᵀ = I for S_k = a² F_k F_kᵀ + σ² I.

    The rows of (a F_k, σ I) are made orthonormal by Gram and Schmidt's method, twice, for once loses digits where they
    are nearly parallel. The covariance, whose condition is the square of its factor's, is never formed.
    """
    xp = namespace(factors)
    size, zero = factors.shape[1], xp.zeros_like(factors)
    scale = xp.concat([a + zero[:1, :1, :], sigma + zero[:1, :1, :]], axis=2)[0, :, :]
    wide = xp.concat([factors, zero + xp.eye(size, dtype=factors.dtype, device=factors.device)], axis=2)
    rows = [wide[:, i, :] for i in range(size)]
    for i in (*range(size), *range(size)):
        scaled = rows[i] * scale
        n = xp.sum(xp.abs(scaled), axis=1, keepdims=True)                     # for squares may overflow or vanish
        scaled = scaled / n
        rows[i] = rows[i] / n / xp.sqrt(xp.sum(scaled * scaled, axis=1, keepdims=True))
        for j in range(i + 1, size):
            rows[j] = rows[j] - xp.vecdot(rows[i] * scale, rows[j] * scale)[:, None] * rows[i]
    white = xp.stack(rows, axis=1) if rows else wide
    return white[:, :, :size], white[:, :, size:]


def parts(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Parts:
    """The shares of the components, and what they are made of.

    Log-densities are measured from the largest, and divided by n² until then, for far out the squares overflow; −∞
    is cut off where the exponential has long been zero.
    """
    xp = namespace(x)
    _, whitener = whitening(factors, a, sigma)
    apart = (a * means[:, None, :] - x[None, :, :]) @ xp.matrix_transpose(whitener)
    weight = logits - xp.max(logits)
    weight = weight - xp.log(xp.sum(xp.exp(weight)))
    diagonal = xp.sum(whitener * xp.eye(x.shape[1], dtype=x.dtype, device=x.device), axis=2)
    constant = weight + xp.sum(xp.log(sigma * diagonal), axis=1)              # σ W_k tends to I, whose log is 0
    n = 1 + xp.sum(xp.abs(apart), axis=(0, 2))
    scaled = apart / n[:, None]
    terms = constant[:, None] / n / n - xp.vecdot(scaled, scaled) / 2
    largest = xp.max(terms, axis=0)
    lowest = xp.finfo(x.dtype).max / -4
    e = xp.exp(xp.maximum((terms - largest) * n, lowest / n) * n)
    total = xp.sum(e, axis=0)
    return Parts(whitener, apart, e / total, total, largest, n)


def mean_score(known: Parts) -> Array:
    """s = Σ_k r_k W_kᵀ u_k."""
    return namespace(known.share).sum((known.share[:, :, None] * known.apart) @ known.whitener, axis=0)


@reference(
    args=MIXTURE,
    wrt=("x",),
    result=real("B", meaning="log p(x), in nats"),
    source="efron2011tweedie",
)
def gaussian_mixture_log_density(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Array:
    """The log-density of a noised Gaussian mixture.

        w = softmax(ℓ),   S_k = a² F_k F_kᵀ + σ² I                           (1)
        log p(x) = log Σ_k w_k N(x; a μ_k, S_k)                              (2)

    Cotangent for p̄:

        x̄ = p̄ s(x),   s the score (gaussian_mixture_score)                   (3)

    The sum is measured from its largest term, so that no tail is too far; there log p loses to rounding what the
    squared distance is larger than one by.
    Source: the law of a x_0 + σ ε, a mixture of sums of independent Gaussians, as in Efron (2011), section 2.
    """
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)                        # (1)
    constant = x.shape[1] * (xp.log(sigma) + xp.log(xp.full_like(sigma, 2 * xp.pi)) / 2)
    log_density = known.largest * known.n * known.n + xp.log(known.total) - constant                # (2)

    def pullback(density_bar: Array) -> dict[str, Array]:
        return {"x": density_bar[:, None] * mean_score(known)}                # (3)

    return log_density, pullback


@reference(
    args=MIXTURE,
    wrt=("x",),
    result=real("B", "D", meaning="s = ∇ log p(x)"),
    source="efron2011tweedie",
)
def gaussian_mixture_score(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Array:
    """The score of a noised Gaussian mixture.

        r_k = p(k | x) = softmax_k(log w_k + log N(x; a μ_k, S_k)),   S_k = a² F_k F_kᵀ + σ² I     (1)
        g_k = S_k⁻¹ (a μ_k − x),   s = Σ_k r_k g_k                           (2)

    Cotangent for s̄, the symmetric Hessian of log p applied to it, with d_k = g_k − s:

        x̄ = Σ_k r_k (−S_k⁻¹ s̄ + d_k ⟨d_k, s̄⟩)                               (3)

    The second term of (3) is what the shares contribute: ∂r_k/∂x = r_k d_k.
    Source: by differentiation of (2) of gaussian_mixture_log_density; its use in Efron (2011), section 2.
    """
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)                        # (1)
    s = mean_score(known)                                                     # (2)

    def pullback(score_bar: Array) -> dict[str, Array]:
        share, whitener = known.share[:, :, None], known.whitener
        d = known.apart @ whitener - s
        bent = share * (score_bar @ xp.matrix_transpose(whitener)) @ whitener
        return {"x": xp.sum(share * d * xp.vecdot(d, score_bar[None, :, :])[:, :, None] - bent, axis=0)}   # (3)

    return s, pullback


@quantity(
    args=MIXTURE,
    result=real("B", "D", "D", meaning="∇² log p(x), symmetric"),
    source="efron2011tweedie",
)
def gaussian_mixture_hessian(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Array:
    """The Hessian of the log-density of a noised Gaussian mixture, which is the Jacobian of its score.

        r_k, g_k, S_k and s as in gaussian_mixture_score                     (1)
        ∇² log p = Σ_k r_k ((g_k − s)(g_k − s)ᵀ − S_k⁻¹)                     (2)

    Its trace is what implicit score matching and continuous flows estimate. Between modes it need not be negative.
    Source: by differentiation of the score; its relation to the posterior covariance in Efron (2011), section 2.
    """
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)                        # (1)
    d = known.apart @ known.whitener - mean_score(known)
    precisions = xp.matrix_transpose(known.whitener) @ known.whitener
    spread = xp.sum((known.share[:, :, None] * d)[:, :, :, None] * d[:, :, None, :], axis=0)
    return spread - xp.sum(known.share[:, :, None, None] * precisions[:, None, :, :], axis=0)       # (2)
