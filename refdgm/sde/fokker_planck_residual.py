"""What is left of the Fokker–Planck equation, put into it what a model says of a density."""

from refdgm.declaration.domain import DATA, real, scale
from refdgm.namespace import Array, Result
from refdgm.numerics.components import against, inner
from refdgm.reference import reference


@reference(
    args={
        "rate": real("B", kind=DATA, meaning="∂_t log p_t(x)"),
        "drift": real("B", "...", meaning="f(x, t), drift of the SDE dx = f dt + g dw"),
        "divergence": real("B", kind=DATA, meaning="∇·f"),
        "score": real("B", "...", meaning="s = ∇ log p_t(x)"),
        "score_divergence": real("B", kind=DATA, meaning="∇·s = Δ log p_t(x)"),
        "diffusion": real("B", meaning="g(t) of each example's time; not g²"),
    },
    wrt=("rate", "drift", "divergence", "score", "score_divergence", "diffusion"),
    result=real("B", meaning="r, zero for every solution"),
    source="lai2023fpdiffusion",
    conventions={
        "the other side less ∂_t log p": {"value": scale(-1.0)},
        "mean over components": {"value": scale(1.0, per="...")},
        "mean over components, the other side less ∂_t log p": {"value": scale(-1.0, per="...")},
    },
)
def fokker_planck_residual(
    rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array, diffusion: Array
) -> Result:
    """The residual of the Fokker–Planck equation of dx = f dt + g dw, for the logarithm of a density.

        r = ∂_t log p + ∇·f + ⟨f, s⟩ − ½ g² (∇·s + ‖s‖²)                              (1)
          = ∂_t log p + ∇·f + ⟨s, f − ½ g² s⟩ − ½ g² ∇·s                              (2)

    Cotangents for r_bar, for each example:

        of ∂_t log p and of ∇·f: r_bar,   of ∇·s: −½ g² r_bar                         (3)
        f_bar = r_bar s,   s_bar = r_bar (f − g² s),   g_bar = −g (∇·s + ‖s‖²) r_bar  (4)

    ∂_t p = −∇·(f p) + ½ g² Δp, divided by p: it is zero for every density that the process carries, and p r is what
    the equation itself lacks. Put in the numbers of a model, whose scores at different times need not belong to one
    process. With rate 0 and f = ½ g² s it says that p is stationary under Langevin dynamics. All five terms may be
    large where their sum is not: judge r by the largest of them.
    Source: Lai et al. (2023), as a penalty; the equation itself in Song et al. (2021), appendix D.1.
    """
    g = against(diffusion, drift)
    noisy = g * score
    half = diffusion * (diffusion * score_divergence) / 2                     # ½ g² ∇·s
    residual = rate + divergence + inner(score, drift - g / 2 * noisy) - half         # (2), which is (1)

    def pullback(residual_bar: Array) -> dict[str, Array]:
        bar = against(residual_bar, drift)
        return {
            "rate": +residual_bar,
            "divergence": +residual_bar,
            "score_divergence": -diffusion / 2 * (diffusion * residual_bar),  # (3)
            "drift": bar * score,
            "score": bar * (drift - g * noisy),
            "diffusion": -(diffusion * score_divergence + inner(noisy, score)) * residual_bar,         # (4)
        }

    return residual, pullback
