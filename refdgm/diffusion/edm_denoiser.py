"""A denoiser made of a network: the noised point, corrected by the network's output."""

from refdgm.declaration.domain import real
from refdgm.diffusion.edm_preconditioning import SIGMA, SIGMA_DATA
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, inner
from refdgm.numerics.legs import legs
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "...", meaning="x = x₀ + σ ε, the noised point; not yet multiplied by c_in"),
        "output": real("B", "...", meaning="F, the network's output at c_in x"),
        "sigma": SIGMA,
        "sigma_data": SIGMA_DATA,
    },
    wrt=("x", "output", "sigma", "sigma_data"),
    result=real("B", "...", meaning="D, the denoised point"),
    source="karras2022edm",
)
def edm_denoiser(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Result:
    """The denoised point of an EDM network.

        r = √(σ² + σ_d²),   s = σ/r,   c = σ_d/r                              (1)
        D = c_skip x + c_out F,   c_skip = c²,   c_out = σ c = σ_d s          (2)

    Cotangents for D_bar, every ⟨·,·⟩ over one example and the sum over the batch:

        x_bar = c_skip D_bar,   F_bar = c_out D_bar                           (3)
        σ_bar = c³ ⟨D_bar, F⟩ − 2 (s/r) c² ⟨D_bar, x⟩                         (4)
        of σ_d: Σ s³ ⟨D_bar, F⟩ + 2 (c/r) s² ⟨D_bar, x⟩                       (5)

    (3) to (5) are the explicit dependence: that F depends on c_in x and on σ is for whoever composes. F = 0 is the
    posterior mean of x₀ for data N(0, σ_d² I). The score is (D − x)/σ², and the slope of the sampler's equation
    (x − D)/σ. `edm_preconditioning` has the coefficients alone.
    Source: Karras, Aittala, Aila & Laine (2022), section 5 and table 1.
    """
    xp = namespace(x)
    s, c, r = legs(sigma, sigma_data)                                         # (1)
    skip, out = c * c, xp.where(sigma > sigma_data, sigma_data * s, sigma * c)
    denoised = against(skip, x) * x + against(out, x) * output                # (2)

    def pullback(denoised_bar: Array) -> dict[str, Array]:
        of_x, of_output = inner(denoised_bar, x), inner(denoised_bar, output)
        return {
            "x": against(skip, x) * denoised_bar,                             # (3)
            "output": against(out, x) * denoised_bar,
            "sigma": c * skip * of_output - 2 * s * skip * (of_x / r),        # (4)
            "sigma_data": xp.sum(s * s * s * of_output + 2 * c * (s * s) * (of_x / r)),          # (5)
        }

    return denoised, pullback
