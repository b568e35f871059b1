"""Denoising score matching at a time of a process, weighted as one likes."""

from refdgm.declaration.domain import noise, real, scale, word
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against
from refdgm.reference import reference
from refdgm.sde.perturbation_kernel import perturbation_kernel
from refdgm.sde.sde_coefficients import sde_coefficients


@reference(
    args={
        "score": real("B", "...", meaning="s, the network's output at x_t = κ x_0 + ς ε"),
        "eps": noise("normal", "B", "...", meaning="ε, the noise in x_t"),
        **sde_coefficients.args,
        "weighting": word(
            "std2", "diffusion2", "one",
            refused={
                "sigma": "the weight is a square: take std2",
                "likelihood": "the weight that bounds the likelihood is g²: take diffusion2",
                "snr": "take std2, and multiply",
                "min_snr": "take std2, and multiply by min_snr_weight",
            },
            meaning="λ(t): ς², g², or 1",
        ),
    },
    wrt=("score",),
    result=real("B", meaning="J, per example, each at its own time"),
    source="song2021sde",
    conventions={
        "without the factor ½": {"value": scale(2.0)},
        "mean over components": {"value": scale(1.0, per="...")},
        "mean over components, without the factor ½": {"value": scale(2.0, per="...")},
    },
)
def continuous_score_matching(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Result:
    """Denoising score matching in continuous time, with the weight λ(t).

        κ, ς = perturbation_kernel,   g = sde_coefficients, both at t         (1)
        √λ = ς, g, 1   for the weightings std2, diffusion2, one               (2)
        r = (√λ/ς) (ς s + ε),   J = ½ λ ‖s + ε/ς‖² = ½ ‖r‖²                   (3)

    Cotangent for J_bar:

        s_bar = J_bar √λ r                                                    (4)

    The target −ε/ς is the gradient of log N(x_t; κ x_0, ς² I). std2 is the prediction of the noise, ½ ‖ε − ε_hat‖² with
    ε_hat = −ς s. With diffusion2 the integral of the mean of J over the time bounds a KL divergence, up to a constant
    of the data ("likelihood weighting"); early it is of the order of 1/t. That the deviation of ve is σ(t) in most code
    is a variant here as it is there. What is learnt at t is for whoever draws t: a mean over times drawn unevenly wants
    the inverse density as a factor.
    Source: Song et al. (2021), section 3.3; λ = g² in Song, Durkan, Murray & Ermon (2021).
    """
    xp = namespace(score)
    _, std = perturbation_kernel.body(t, low, high, process=process)[0]
    _, g = sde_coefficients.body(t, low, high, process=process)[0]            # (1)
    root = against({"std2": std, "diffusion2": g, "one": xp.ones_like(t)}[weighting], score)          # (2)
    width, rest = against(std, score), tuple(range(1, score.ndim))
    r = root / width * (width * score + eps)
    loss = xp.sum(r * (r / 2), axis=rest)                                     # (3)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {"score": root * (against(loss_bar, score) * r)}               # (4)

    return loss, pullback
