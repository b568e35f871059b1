"""What a denoiser's network is multiplied with, so that it meets and gives numbers of unit variance."""

from refdgm.declaration.domain import positive, real, share
from refdgm.namespace import Array, Results, namespace
from refdgm.numerics.legs import legs
from refdgm.reference import reference

SIGMA = positive("B", meaning="σ, the standard deviation of the noise in each example",
                 instead="without noise the denoised is x itself")
SIGMA_DATA = positive(meaning="σ_d, the standard deviation of the data; 0.5 in Karras et al.")


@reference(
    args={"sigma": SIGMA, "sigma_data": SIGMA_DATA},
    wrt=("sigma", "sigma_data"),
    result={
        "skip": share("B", meaning="c_skip, of the noised x in the denoised; rounded it may be 0 or 1"),
        "out": positive("B", meaning="c_out, of the network's output"),
        "inward": positive("B", meaning="c_in, of x where it enters the network"),
        "noise": real("B", meaning="c_noise, what the network is told of σ"),
    },
    source="karras2022edm",
)
def edm_preconditioning(sigma: Array, sigma_data: Array) -> Results:
    """The four coefficients of D(x; σ) = c_skip x + c_out F(c_in x; c_noise).

        r = √(σ² + σ_d²),   s = σ/r,   c = σ_d/r                                (1)
        c_skip = c²,   c_out = σ c = σ_d s,   c_in = 1/r,   c_noise = log(σ)/4  (2)

    Cotangents, with p_bar, o_bar, i_bar, n_bar those of c_skip, c_out, c_in, c_noise in this order, and the sum over
    the batch:

        σ_bar = −(s/r)(2 c² p_bar + i_bar/r) + c³ o_bar + n_bar/(4σ)            (3)
        of σ_d: Σ (c/r)(2 s² p_bar − i_bar/r) + s³ o_bar                        (4)

    For data of variance σ_d² the network's input c_in x and its target (x₀ − c_skip x)/c_out have variance one at every
    σ, and of all weights c_skip that allow this it has the smallest c_out: the network's errors are amplified least.
    Here c_in is `inward`, for `in` is a word of the language. σ_d must be the one of the loss.
    Source: Karras, Aittala, Aila & Laine (2022), table 1, and section 5 with its appendix.
    """
    xp = namespace(sigma)
    s, c, r = legs(sigma, sigma_data)                                         # (1)
    out = xp.where(sigma > sigma_data, sigma_data * s, sigma * c)  # the factor that is not small
    inward, noise = 1 / r, xp.log(sigma) / 4                                  # (2)

    def pullback(skip_bar: Array, out_bar: Array, inward_bar: Array, noise_bar: Array) -> dict[str, Array]:
        by_sigma = c * c * c * out_bar + noise_bar / (4 * sigma)
        by_data = (inward * c) * (2 * s * s * skip_bar - inward * inward_bar) + s * s * s * out_bar
        return {
            "sigma": by_sigma - (inward * s) * (2 * c * c * skip_bar + inward * inward_bar),     # (3)
            "sigma_data": xp.sum(by_data),                                    # (4)
        }

    return (c * c, out, inward, noise), pullback
