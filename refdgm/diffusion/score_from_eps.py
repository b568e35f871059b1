"""The noise prediction and the score that it stands for."""

from refdgm.declaration.domain import real
from refdgm.diffusion.forward_marginal import ALPHA_PROD
from refdgm.diffusion.x0_from_eps import EPS
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, inner
from refdgm.reference import reference

SCORE = real("B", "...", meaning="s, the score ∇ log p(x_t) or a prediction of it")


@reference(
    args={"eps": EPS, "alpha_prod": ALPHA_PROD},
    wrt=("eps", "alpha_prod"),
    result=SCORE,
    source="song2021sde",
)
def score_from_eps(eps: Array, alpha_prod: Array) -> Result:
    """The score that a prediction of the noise stands for.

        s = −ε / √(1 − ᾱ)                                                    (1)

    Cotangents for s_bar, a_bar that of ᾱ, ⟨·,·⟩ a sum over one example:

        ε_bar = −s_bar / √(1 − ᾱ)                                            (2)
        a_bar = −⟨s_bar, ε⟩ / (2 (1 − ᾱ) √(1 − ᾱ))                           (3)

    The score of q(x_t | x₀) for the noise itself, that of p(x_t) for the best prediction E[ε | x_t]; a network's
    output is the gradient of no density in general.
    Source: Ho, Jain & Abbeel (2020), section 3.2; Song et al. (2021), appendix B, has the kernel whose score it is.
    """
    xp = namespace(eps)
    noise = against(xp.sqrt(1 - alpha_prod), eps)
    score = -eps / noise                                                      # (1)

    def pullback(score_bar: Array) -> dict[str, Array]:
        return {
            "eps": -score_bar / noise,                                        # (2)
            "alpha_prod": inner(score_bar, score) / (1 - alpha_prod) / 2,     # (3)
        }

    return score, pullback


@reference(
    args={"score": SCORE, "alpha_prod": ALPHA_PROD},
    wrt=("score", "alpha_prod"),
    result=EPS,
    source="song2021sde",
)
def eps_from_score(score: Array, alpha_prod: Array) -> Result:
    """The noise prediction that a score stands for.

        ε = −√(1 − ᾱ) s                                                      (1)

    Cotangents for ε_bar, a_bar that of ᾱ, ⟨·,·⟩ a sum over one example:

        s_bar = −√(1 − ᾱ) ε_bar,   a_bar = ⟨ε_bar, s⟩ / (2√(1 − ᾱ))          (2)

    Source: as for score_from_eps, solved for the noise.
    """
    noise = namespace(score).sqrt(1 - alpha_prod)
    eps = -against(noise, score) * score                                      # (1)

    def pullback(eps_bar: Array) -> dict[str, Array]:
        return {
            "score": -against(noise, score) * eps_bar,                        # (2)
            "alpha_prod": inner(eps_bar, score) / noise / 2,
        }

    return eps, pullback
