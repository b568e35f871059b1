"""The objective that diffusion models are trained with, for each of the things that a network can predict."""

from refdgm.declaration.domain import noise, real, scale, word
from refdgm.diffusion.forward_marginal import ALPHA_PROD
from refdgm.diffusion.v_from_x0_eps import v_from_x0_eps
from refdgm.namespace import Array, Result
from refdgm.numerics.components import against, inner
from refdgm.reference import reference


@reference(
    args={
        "prediction": real("B", "...", meaning="p, the network's output at x_t"),
        "x0": real("B", "...", meaning="x₀, clean data"),
        "eps": noise("normal", "B", "...", meaning="ε, the noise that made x_t"),
        "alpha_prod": ALPHA_PROD,
        "target": word("eps", "x0", "v", meaning="what the network predicts"),
    },
    wrt=("prediction",),
    result=real("B", meaning="J, per example"),
    source="ho2020ddpm",
    conventions={
        "mean over components": {"value": scale(1.0, per="...")},
        "half the square": {"value": scale(0.5)},
    },
)
def simple_loss(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Result:
    """The simple objective: the squared distance of a prediction from its target.

        y = ε,   or  y = x₀,   or  y = √ᾱ ε − √(1 − ᾱ) x₀                    (1)
        J = ‖p − y‖², the sum over all components of an example              (2)

    Cotangent for J_bar:

        p_bar = 2 J_bar (p − y)                                              (3)

    The target is data, not a function of the parameters: (1) passes no gradient on (`v_from_x0_eps` has it).
    The three are not one objective. At the same x_t, with every prediction carried into noise, the distance in ε
    is ᾱ/(1 − ᾱ) times that in x₀ and ᾱ times that in v.
    Source: Ho, Jain & Abbeel (2020), eq. 14; for v Salimans & Ho (2022), section 4.
    """
    y = {"eps": eps, "x0": x0, "v": v_from_x0_eps.body(x0, eps, alpha_prod)[0]}[target]    # (1)
    residual = prediction - y
    loss = inner(residual, residual)                                          # (2)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {"prediction": 2 * against(loss_bar, residual) * residual}     # (3)

    return loss, pullback
