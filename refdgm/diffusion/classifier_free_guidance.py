"""Guidance of a diffusion model without a classifier."""

from refdgm.declaration.domain import real, shift
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.lerp import half_apart, lerp
from refdgm.reference import reference


@reference(
    args={
        "eps_cond": real("B", "...", meaning="ε_c, the noise predicted with the condition"),
        "eps_uncond": real("B", "...", meaning="ε_u, the noise predicted without it"),
        "gamma": real(meaning="γ, guidance scale; 1 is the plain conditional model, 0 the unconditional", finite=True,
                      instead="for γ → ∞ use eps_cond − eps_uncond"),
    },
    wrt=("eps_cond", "eps_uncond", "gamma"),
    result=real("B", "...", meaning="ε_hat, the guided noise"),
    source="ho2022cfg",
    conventions={"w = γ − 1": {"gamma": shift(-1.0)}},
)
def classifier_free_guidance(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Result:
    """Classifier-free guidance, in the scale γ.

        ε_hat = ε_u + γ (ε_c − ε_u) = ε_c + (γ − 1) (ε_c − ε_u)                     (1)

    Cotangents for the cotangent of ε_hat, written e_bar:

        ε_bar_c = γ e_bar,   ε_bar_u = (1 − γ) e_bar,   γ_bar = ⟨e_bar, ε_c − ε_u⟩  (2)

    Ho & Salimans write w = γ − 1. The difference is formed first: γ ε_c + (1 − γ) ε_u loses the digits that
    the two predictions share, of which there are many; it is formed of halves, for that of two large numbers may be
    twice the largest there is. Of the two forms of (1) the one is taken whose end γ is nearer to, so that γ = 0 and
    γ = 1 return ε_u and ε_c themselves.
    Source: Ho & Salimans (2022), eq. 6.
    """
    xp = namespace(eps_cond)
    half = half_apart(eps_cond, eps_uncond)
    guided = lerp(eps_uncond, eps_cond, half, gamma)                          # (1)

    def pullback(guided_bar: Array) -> dict[str, Array]:
        return {                                                              # (2)
            "eps_cond": gamma * guided_bar,
            "eps_uncond": (1 - gamma) * guided_bar,
            "gamma": 2 * xp.sum(guided_bar * half),
        }

    return guided, pullback
