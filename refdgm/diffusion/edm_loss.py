"""The objective of an EDM network, at its output."""

from refdgm.declaration.domain import noise, real, scale
from refdgm.diffusion.edm_preconditioning import SIGMA, SIGMA_DATA
from refdgm.namespace import Array, Result
from refdgm.numerics.components import against, inner
from refdgm.numerics.legs import legs
from refdgm.reference import reference


@reference(
    args={
        "output": real("B", "...", meaning="F, the network's output at c_in (x₀ + σ ε)"),
        "x0": real("B", "...", meaning="x₀, clean data"),
        "eps": noise("normal", "B", "...", meaning="ε, the noise before it is multiplied with σ"),
        "sigma": SIGMA,
        "sigma_data": SIGMA_DATA,
    },
    wrt=("output",),
    result=real("B", meaning="J, per example"),
    source="karras2022edm",
    conventions={
        "mean over components": {"value": scale(1.0, per="...")},
        "half the square": {"value": scale(0.5)},
    },
)
def edm_loss(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Result:
    """The weighted squared error of a denoiser D, for the network that it is made of (`edm_denoiser`).

        λ ‖D(x₀ + σ ε) − x₀‖²,   λ = (σ² + σ_d²)/(σ σ_d)² = 1/c_out²          (1)

    With r = √(σ² + σ_d²), s = σ/r and c = σ_d/r this is the squared distance of F from a target of unit variance,

        e = F − y,   y = (s/σ_d) x₀ − c ε,   J = ‖e‖²                         (2)

    summed over all components of an example. Cotangent for J_bar:

        F_bar = 2 J_bar e                                                     (3)

    λ has cancelled: at the output of the network all levels count alike. (2) subtracts no x₀ from a denoised point that
    nearly is x₀, so that at small σ no digit of F is lost; (1) sees nothing of F where c_out F is below the rounding of
    x₀. At F = 0 the mean over data of variance σ_d² is one a component, at every σ.
    The target is data: x₀, ε and the levels receive no gradient. σ_d must be the one of `edm_preconditioning`.
    Source: Karras, Aittala, Aila & Laine (2022), section 5 and table 1.
    """
    s, c, _ = legs(sigma, sigma_data)
    residual = output - against(s, x0) * (x0 / sigma_data) + against(c, eps) * eps     # (1), (2)
    loss = inner(residual, residual)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {"output": 2 * against(loss_bar, residual) * residual}         # (3)

    return loss, pullback
