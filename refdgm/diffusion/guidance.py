"""Guidance of a diffusion model by a classifier, and without one."""

from refdgm.domain import real, shift, unit
from refdgm.namespace import Array, namespace
from refdgm.primitives.components import against, inner
from refdgm.reference import reference


@reference(
    args={
        "eps_pred": real("B", "...", meaning="ε, the noise predicted without the label"),
        "log_prob_grad": real("B", "...", meaning="∇ log p(y | x_t), the classifier's gradient in x_t"),
        "alpha_prod": unit("B", meaning="ᾱ_t, the product of 1 − β; 1 − ᾱ_t is the variance of the noise in x_t",
                           instead="without noise in x_t there is no ε to guide"),
        "gamma": real(meaning="γ, guidance scale; 1 is Bayes' rule, 0 no guidance", finite=True,
                      instead="for γ → ∞ follow the classifier's gradient alone"),
    },
    wrt=("eps_pred", "log_prob_grad", "alpha_prod", "gamma"),
    result=real("B", "...", meaning="ε̂, the guided noise"),
    source="dhariwal2021guided",
)
def classifier_guidance(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Array:
    """Classifier guidance of a noise prediction: ε = −√(1 − ᾱ) ∇ log p for the score of p(x) p(y | x)^γ.

        ε̂ = ε − γ σ ∇ log p(y | x_t),   σ = √(1 − ᾱ_t)                       (1)

    Cotangents for the cotangent of ε̂, written ē, with g = ∇ log p(y | x_t):

        ε̄ = ē,   ḡ = −γ σ ē                                                  (2)
        γ ⟨ē, g⟩ / (2σ) for ᾱ_t of each example,   γ̄ = −Σ_b σ ⟨ē, g⟩          (3)

    The gradient of the classifier is an argument: how it depends on x_t is the classifier's own affair.
    Source: Dhariwal & Nichol (2021), algorithm 2, with the scale of section 4.3.
    """
    xp = namespace(eps_pred)
    sigma = xp.sqrt(1 - alpha_prod)
    along = against(sigma, eps_pred) * log_prob_grad
    guided = eps_pred - gamma * along                                         # (1)

    def pullback(guided_bar: Array) -> dict[str, Array]:
        return {
            "eps_pred": +guided_bar,                                          # (2)
            "log_prob_grad": -gamma * against(sigma, guided_bar) * guided_bar,
            "alpha_prod": gamma * inner(guided_bar, log_prob_grad) / (2 * sigma),   # (3)
            "gamma": -xp.sum(guided_bar * along),
        }

    return guided, pullback


@reference(
    args={
        "eps_cond": real("B", "...", meaning="ε_c, the noise predicted with the condition"),
        "eps_uncond": real("B", "...", meaning="ε_u, the noise predicted without it"),
        "gamma": real(meaning="γ, guidance scale; 1 is the plain conditional model, 0 the unconditional", finite=True,
                      instead="for γ → ∞ use eps_cond − eps_uncond"),
    },
    wrt=("eps_cond", "eps_uncond", "gamma"),
    result=real("B", "...", meaning="ε̂, the guided noise"),
    source="ho2022cfg",
    conventions={"w = γ − 1": {"gamma": shift(-1.0)}},
)
def classifier_free_guidance(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Array:
    """Classifier-free guidance, in the scale γ.

        ε̂ = ε_u + γ (ε_c − ε_u) = ε_c + (γ − 1) (ε_c − ε_u)                  (1)

    Cotangents for the cotangent of ε̂, written ē:

        ε̄_c = γ ē,   ε̄_u = (1 − γ) ē,   γ̄ = ⟨ē, ε_c − ε_u⟩                   (2)

    Ho & Salimans write w = γ − 1. The difference is formed first: γ ε_c + (1 − γ) ε_u loses the digits that
    the two predictions share, of which there are many; it is formed of halves, for that of two large numbers may be
    twice the largest there is. Of the two forms of (1) the one is taken whose end γ is nearer to, so that γ = 0 and
    γ = 1 return ε_u and ε_c themselves.
    Source: Ho & Salimans (2022), eq. 6.
    """
    xp = namespace(eps_cond)
    half = eps_cond / 2 - eps_uncond / 2
    near = gamma >= 0.5
    guided = xp.where(near, eps_cond, eps_uncond) + 2 * (xp.where(near, gamma - 1, gamma) * half)    # (1)

    def pullback(guided_bar: Array) -> dict[str, Array]:
        return {                                                              # (2)
            "eps_cond": gamma * guided_bar,
            "eps_uncond": (1 - gamma) * guided_bar,
            "gamma": 2 * xp.sum(guided_bar * half),
        }

    return guided, pullback
