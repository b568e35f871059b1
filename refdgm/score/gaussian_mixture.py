"""A Gaussian mixture under noising, x_t = a x_0 + σ ε: its log-density, its score and its Hessian, exactly.

The ground truth of score-based models: multimodal, in any dimension, with full covariances.
"""

from refdgm.declaration.domain import real
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.weighted_gram import weighted_gram
from refdgm.reference import quantity, reference
from refdgm.score.components import MIXTURE, centred, mean_score, parts


@reference(
    args=MIXTURE,
    wrt=("x",),
    result=real("B", meaning="log p(x), in nats"),
    source="efron2011tweedie",
)
def gaussian_mixture_log_density(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Result:
    """The log-density of a noised Gaussian mixture.

        w = softmax(ℓ),   S_k = a² F_k F_kᵀ + σ² I                           (1)
        log p(x) = log Σ_k w_k N(x; a μ_k, S_k)                              (2)

    Cotangent for p_bar:

        x_bar = p_bar s(x),   s the score (gaussian_mixture_score)           (3)

    The sum is measured from its largest term, so that no tail is too far; there log p has the rounding errors of the
    squared distance, −½ times which it nearly is.
    Source: the law of a x_0 + σ ε, a mixture of sums of independent Gaussians, as in Efron (2011), section 2.
    """
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)                        # (1)
    constant = xp.sum(xp.log(known.unit)) - x.shape[1] * xp.log(xp.full_like(sigma, 2 * xp.pi)) / 2
    log_density = known.largest * known.n * known.n + xp.log(known.total) + constant                # (2)

    def pullback(density_bar: Array) -> dict[str, Array]:
        return {"x": density_bar[:, None] * mean_score(known)}                # (3)

    return log_density, pullback


@reference(
    args=MIXTURE,
    wrt=("x",),
    result=real("B", "D", meaning="s = ∇ log p(x)"),
    source="efron2011tweedie",
)
def gaussian_mixture_score(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Result:
    """The score of a noised Gaussian mixture.

        r_k = p(k | x) = softmax_k(log w_k + log N(x; a μ_k, S_k)),   S_k = a² F_k F_kᵀ + σ² I     (1)
        g_k = S_k⁻¹ (a μ_k − x),   s = Σ_k r_k g_k                                                 (2)

    Cotangent for s_bar, the symmetric Hessian of log p applied to it, with d_k = g_k − s:

        x_bar = Σ_k r_k (−S_k⁻¹ s_bar + d_k ⟨d_k, s_bar⟩)                                          (3)

    The second term of (3) is what the shares contribute: ∂r_k/∂x = r_k d_k.
    Source: by differentiation of (2) of gaussian_mixture_log_density; its use in Efron (2011), section 2.
    """
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)                        # (1)
    s = mean_score(known)                                                     # (2)

    def pullback(score_bar: Array) -> dict[str, Array]:
        d, whitener = centred(known), known.whitener
        bent = known.share[:, :, None] * (score_bar @ xp.matrix_transpose(whitener)) @ whitener
        return {"x": xp.sum(d * xp.vecdot(d, score_bar[None, :, :])[:, :, None] - bent, axis=0)}       # (3)

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
    d = xp.permute_dims(centred(known), (1, 0, 2))                            # √r_k (g_k − s), (B, K, D)
    return xp.matrix_transpose(d) @ d - weighted_gram(known.share, known.whitener)                 # (2)
