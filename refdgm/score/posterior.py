"""What a noised point of a Gaussian mixture tells of its origin: the posterior mean and covariance of x_0."""

from refdgm.domain import real
from refdgm.namespace import Array, namespace
from refdgm.reference import quantity, reference
from refdgm.score.mixture import MIXTURE, parts, whitening


def posterior_parts(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> tuple[Array, Array, Array, Array]:
    """r_k, m_k − m, m, and A_k with A_kᵀ A_k = P_k = F_k (a² F_kᵀ F_k + σ² I)⁻¹ F_kᵀ.

    There are two ways to m_k: μ_k + a P_k (x − a μ_k), which is well where the noise is large, and (x + σ² g_k)/a, well
    where it is small. Of each number that one is taken in which terms are added that are not much larger.
    """
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)
    reach, _ = whitening(xp.matrix_transpose(factors), a, sigma)
    apart, share, safe = x[None, :, :] - a * means[:, None, :], known.share[:, :, None], xp.where(a == 0, 1 + a, a)
    m_each = means[:, None, :] + a * (apart @ xp.matrix_transpose(reach)) @ reach
    c_each = (sigma * known.apart) @ (sigma * known.whitener)                 # σ² g_k = a m_k − x
    m, c = xp.sum(share * m_each, axis=0), xp.sum(share * c_each, axis=0)
    zero, clear = xp.zeros_like(c_each), xp.abs(c_each) < 2 * xp.abs(a * m_each)      # twice: no tie at x = 0
    off = xp.where(clear, xp.where(clear, c_each - c, zero) / safe, m_each - m)
    clear = xp.abs(c) < 2 * xp.abs(a * m)
    return known.share, off, xp.where(clear, xp.where(clear, x + c, xp.zeros_like(c)) / safe, m), reach


@reference(
    args=MIXTURE,
    wrt=("x",),
    result=real("B", "D", meaning="m = E[x_0 | x]"),
    source="efron2011tweedie",
)
def gaussian_mixture_denoiser(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Array:
    """The optimal denoiser of a Gaussian mixture: the posterior mean of x_0, of which x = a x_0 + σ ε is known.

        r_k = p(k | x) as in gaussian_mixture_score                          (1)
        P_k = F_k (a² F_kᵀ F_k + σ² I)⁻¹ F_kᵀ                                (2)
        m_k = μ_k + a P_k (x − a μ_k),   m = Σ_k r_k m_k                     (3)

    Cotangent for m̄, the posterior covariance times a/σ² applied to it, with e_k = (m_k − m)/σ:

        x̄ = a Σ_k r_k (P_k m̄ + e_k ⟨e_k, m̄⟩)                                (4)

    Tweedie's formula, m = (x + σ² s)/a with the score s, is the same number, and is used where σ is small; (3) holds
    for a = 0 too, where nothing is known. With F_k = 0 the data are the points μ_k, and m a softmax over them.
    Source: Efron (2011), section 2, where Tweedie's formula is; (3) by conditioning of joint Gaussians.
    """
    xp = namespace(x)
    share, off, m, reach = posterior_parts(x, logits, means, factors, a, sigma)       # (1–3)

    def pullback(mean_bar: Array) -> dict[str, Array]:
        weight, e = share[:, :, None], off / sigma
        within = (mean_bar @ xp.matrix_transpose(reach)) @ reach
        return {"x": a * xp.sum(weight * within + weight * e * xp.vecdot(e, mean_bar[None, :, :])[:, :, None], axis=0)}

    return m, pullback


@quantity(
    args=MIXTURE,
    result=real("B", "D", "D", meaning="Cov[x_0 | x], symmetric and positive semidefinite"),
    source="efron2011tweedie",
)
def gaussian_mixture_posterior_covariance(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Array:
    """The posterior covariance of x_0, of which x = a x_0 + σ ε is known, for a Gaussian mixture.

        r_k, m_k, m and P_k as in gaussian_mixture_denoiser                  (1)
        Cov[x_0 | x] = Σ_k r_k (σ² P_k + (m_k − m)(m_k − m)ᵀ)                (2)

    The same as (σ²/a²)(I + σ² ∇² log p), which cancels where σ is small, for a sum of positive semidefinite terms.
    Source: the law of total covariance; the other form in Efron (2011), section 2.
    """
    xp = namespace(x)
    share, off, _, reach = posterior_parts(x, logits, means, factors, a, sigma)       # (1)
    scaled = sigma * reach
    within = xp.matrix_transpose(scaled) @ scaled
    between = xp.sum((share[:, :, None] * off)[:, :, :, None] * off[:, :, None, :], axis=0)
    return between + xp.sum(share[:, :, None, None] * within[:, None, :, :], axis=0)  # (2)
