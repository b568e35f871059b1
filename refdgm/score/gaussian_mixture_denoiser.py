"""What a noised point of a Gaussian mixture tells of its origin: the posterior mean and covariance of x_0."""

from refdgm.declaration.domain import real
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.whitening import whitening
from refdgm.reference import quantity, reference
from refdgm.score.components import MIXTURE, parts


def by_score(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> tuple[Array, Array, Array]:
    """r_k, σ W_k and σ² g_k = a m_k − x."""
    known = parts(x, logits, means, factors, a, sigma)
    noise = sigma * known.whitener
    return known.share, noise, (sigma * known.apart) @ noise


def posterior_parts(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """r_k, m_k − m, m, P_k = F_k (a² F_kᵀ F_k + σ² I)⁻¹ F_kᵀ and σ² P_k, which neither over- nor underflows with it.

    There are two ways to P_k, as that product and as (I − σ² S_k⁻¹)/a², and two ways to m_k, as μ_k + a P_k (x − a μ_k)
    and as (x + σ² g_k)/a. The second ones keep their digits where the noise is small: of every number that way is
    taken whose terms are not much larger than their sum. (Where the line is drawn does not matter; inputs seldom
    lie on these.)
    """
    xp = namespace(x)
    shares, noise, c_each = by_score(x, logits, means, factors, a, sigma)
    share, safe = shares[:, :, None], xp.where(a == 0, 1 + a, a)

    def divided(clear: Array, by_a: Array, otherwise: Array) -> Array:
        return xp.where(clear, xp.where(clear, by_a, 0.0) / safe, otherwise)

    reach, _ = whitening(xp.matrix_transpose(factors), a, sigma)
    lost = xp.matrix_transpose(noise) @ noise                                 # σ² S_k⁻¹ = I − a² P_k
    q = xp.sum(noise * noise, axis=1)                                         # its diagonal
    clear = 4 * (q[:, :, None] + q[:, None, :]) < 3
    identity = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)
    by_a = divided(clear, identity - lost, 0.0)
    p = divided(clear, by_a, xp.matrix_transpose(reach) @ reach)
    within = divided(clear, sigma * (sigma * by_a), xp.matrix_transpose(sigma * reach) @ (sigma * reach))

    m_each = means[:, None, :] + (x[None, :, :] - a * means[:, None, :]) @ (a * p)
    m, c = xp.sum(share * m_each, axis=0), xp.sum(share * c_each, axis=0)
    clear = xp.abs(c_each) < 2 * xp.abs(a * m_each)
    c_each -= c  # in place, for these are the largest arrays
    m_each -= m
    off = divided(clear, c_each, m_each)
    return shares, off, divided(xp.abs(c) < 2 * xp.abs(a * m), x + c, m), p, within


@reference(
    args=MIXTURE,
    wrt=("x",),
    result=real("B", "D", meaning="m = E[x_0 | x]"),
    source="efron2011tweedie",
)
def gaussian_mixture_denoiser(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Result:
    """The optimal denoiser of a Gaussian mixture: the posterior mean of x_0, of which x = a x_0 + σ ε is known.

        r_k = p(k | x) as in gaussian_mixture_score                          (1)
        P_k = F_k (a² F_kᵀ F_k + σ² I)⁻¹ F_kᵀ                                (2)
        m_k = μ_k + a P_k (x − a μ_k),   m = Σ_k r_k m_k                     (3)

    Cotangent for m_bar, the posterior covariance times a/σ² applied to it, with e_k = (m_k − m)/σ:

        x_bar = a Σ_k r_k (P_k m_bar + e_k ⟨e_k, m_bar⟩)                     (4)

    Tweedie's formula, m = (x + σ² s)/a with the score s, is the same number for a ≠ 0; it is computed instead of (3)
    where σ is small. (3) holds for a = 0 too, where nothing is known. With F_k = 0 the data are the points μ_k, and m
    a softmax over them.
    Source: Efron (2011), section 2, where Tweedie's formula is; (3) by conditioning of joint Gaussians.
    """
    xp = namespace(x)
    share, off, m, p, _ = posterior_parts(x, logits, means, factors, a, sigma)        # (1–3)

    def pullback(mean_bar: Array) -> dict[str, Array]:
        e = xp.sqrt(share)[:, :, None] * off / sigma                          # √r_k first: it is 0 where e overflows
        between = e * xp.vecdot(e, mean_bar[None, :, :])[:, :, None]
        return {"x": a * xp.sum(share[:, :, None] * (mean_bar @ p) + between, axis=0)}         # (4)

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

        r_k = p(k | x) ∝ w_k N(x; a μ_k, a² F_k F_kᵀ + σ² I),   w = softmax(ℓ)
        P_k = F_k (a² F_kᵀ F_k + σ² I)⁻¹ F_kᵀ
        m_k = μ_k + a P_k (x − a μ_k),   m = Σ_k r_k m_k                     (1)
        Cov[x_0 | x] = Σ_k r_k (σ² P_k + (m_k − m)(m_k − m)ᵀ)                (2)

    For a ≠ 0 the same as (σ²/a²)(I + σ² ∇² log p), which cancels where σ is small; (2) is a sum of positive
    semidefinite terms.
    Source: the law of total covariance; the other form in Efron (2011), section 2.
    """
    xp = namespace(x)
    share, off, _, _, within = posterior_parts(x, logits, means, factors, a, sigma)   # (1)
    (many, batch), dimension = share.shape, x.shape[1]
    off = xp.permute_dims(off, (1, 0, 2))                                     # m_k − m, (B, K, D)
    between = xp.matrix_transpose(share.T[:, :, None] * off) @ off
    mean_within = share.T @ xp.reshape(within, (many, dimension * dimension))
    return between + xp.reshape(mean_within, (batch, dimension, dimension))   # (2)
