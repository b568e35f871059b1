"""The two ends of the variational bound: L_T, of the last state, and L_0, of the first step."""

from refdgm.declaration.domain import real
from refdgm.diffusion.diffusion_posterior import BETA
from refdgm.diffusion.forward_marginal import ALPHA_PROD
from refdgm.diffusion.variational_loss import NOISE, PER_COMPONENT, PREDICTION
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, dimension, inner
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity
from refdgm.reference import reference


@reference(
    args={"x0": real("B", "...", meaning="x₀, clean data"), "alpha_prod": ALPHA_PROD},
    wrt=("x0", "alpha_prod"),
    result=real("B", meaning="L_T, nats per example"),
    source="ho2020ddpm",
    conventions=PER_COMPONENT,
)
def prior_loss(x0: Array, alpha_prod: Array) -> Result:
    """L_T: what the last state still knows of the data, KL(q(x_T | x₀) ‖ N(0, I)).

        J = ½ Σ (ᾱ x₀² − ᾱ − log(1 − ᾱ)),   the sum over all components of an example       (1)

    Cotangents for J_bar, a_bar that of ᾱ, with D components an example:

        x_bar₀ = J_bar ᾱ x₀,   a_bar = J_bar (‖x₀‖² + D ᾱ/(1 − ᾱ)) / 2                      (2)

    −ᾱ − log(1 − ᾱ) is formed as e^λ − 1 − λ of λ = log(1 − ᾱ): where schedules end, its two parts cancel.
    Source: Ho, Jain & Abbeel (2020), eq. 5.
    """
    variance = namespace(x0).log1p(-alpha_prod)
    size, squares = dimension(x0), inner(x0, x0)
    loss = (alpha_prod * squares + size * expm1_minus_identity(variance)) / 2        # (1)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {                                                                     # (2)
            "x0": against(loss_bar * alpha_prod, x0) * x0,
            "alpha_prod": loss_bar * (squares + size * (alpha_prod / (1 - alpha_prod))) / 2,
        }

    return loss, pullback


@reference(
    args={"prediction": PREDICTION, "eps": NOISE, "beta": BETA},
    wrt=("prediction", "beta"),
    result=real("B", meaning="L_0, nats per example"),
    source="ho2020ddpm",
    conventions=PER_COMPONENT,
)
def reconstruction_loss(prediction: Array, eps: Array, beta: Array) -> Result:
    """L_0, the term of t = 1: −log p(x₀ | x₁), for a Gaussian p of variance β₁ with the network's noise in its mean.

        x₁ = √α x₀ + √β ε,   μ = (x₁ − √β ε_hat)/√α = x₀ + √(β/α) (ε − ε_hat),   α = 1 − β  (1)
        J = −log N(x₀; μ, β I) = ‖ε_hat − ε‖²/(2 α) + ½ D log 2πβ                           (2)

    with β = β₁, ε_hat the network's noise at x₁, ε the one that made x₁. Cotangents for J_bar, with D components an
    example; e_bar that of ε_hat, β_bar with ε_hat held: that it depends on β through x₁ is for whoever composes:

        e_bar = J_bar (ε_hat − ε)/α,   β_bar = J_bar (‖ε_hat − ε‖²/α² + D/β)/2              (3)

    Of a density and not of a probability: J is negative for small β, and tends to −∞ as β → 0 with ε_hat and ε held.
    β_tilde₁ = 0 is no variance, so β₁ is the only one of the two usual choices here. For data in steps (pixels) Ho et
    al. integrate N over each step: another term.
    Source: Ho, Jain & Abbeel (2020), eq. 5 and 11 at t = 1; section 3.3 has the other.
    """
    xp = namespace(eps)
    alpha, size, residual = 1 - beta, dimension(eps), prediction - eps
    squares = inner(residual, residual)
    loss = squares / alpha / 2 + size * xp.log(2 * xp.pi * beta) / 2          # (2)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {                                                              # (3)
            "prediction": against(loss_bar / alpha, eps) * residual,
            "beta": loss_bar * (squares / alpha / alpha + size / beta) / 2,
        }

    return loss, pullback
