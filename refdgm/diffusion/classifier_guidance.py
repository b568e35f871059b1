"""Guidance of a diffusion model by a classifier."""

from refdgm.declaration.domain import real, unit
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, inner
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
    result=real("B", "...", meaning="ε_hat, the guided noise"),
    source="dhariwal2021guided",
)
def classifier_guidance(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Result:
    """Classifier guidance of a noise prediction: ε = −√(1 − ᾱ) ∇ log p for the score of p(x) p(y | x)^γ.

        ε_hat = ε − γ σ ∇ log p(y | x_t),   σ = √(1 − ᾱ_t)                          (1)

    Cotangents for the cotangent of ε_hat, written e_bar, and a_bar that of ᾱ, with g = ∇ log p(y | x_t):

        ε_bar = e_bar,   g_bar = −γ σ e_bar                                         (2)
        a_bar_t = γ ⟨e_bar, g⟩ / (2σ) of each example,   γ_bar = −Σ_b σ ⟨e_bar, g⟩  (3)

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
