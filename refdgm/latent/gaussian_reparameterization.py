"""A draw of a diagonal Gaussian, as a function of its mean and log-variance."""

from refdgm.declaration.domain import noise, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "mean": real("B", "...", meaning="μ"),
        "logvar": real("B", "...", finite=True, meaning="λ = log σ², the log-variance"),
        "eps": noise("normal", "B", "...", meaning="ε"),
    },
    wrt=("mean", "logvar"),
    result=real("B", "...", meaning="z"),
    source="kingma2014vae",
    conventions={"logvar is log σ, not log σ²": {"logvar": scale(0.5)}},
)
def gaussian_reparameterization(mean: Array, logvar: Array, eps: Array) -> Result:
    """z of N(μ, diag e^λ), made of noise that depends on nothing: the draw of a variational autoencoder.

        z = μ + e^{λ/2} ε                                                    (1)

    Cotangents for z_bar:

        μ_bar = z_bar,   λ_bar = ½ z_bar e^{λ/2} ε                           (2)

    e^{λ/2} is applied as two factors of e^{λ/4}: alone it overflows where the product with ε does not. Every component
    of every example has noise of its own. The law of z would let another draw stand for this one; its derivative along
    μ and λ, which is what (1) is for, needs the ε that made the value. Noise of exactly 0 is μ itself at every λ.
    Source: Kingma & Welling (2014), section 2.4.
    """
    xp = namespace(mean)
    h = xp.exp(xp.where(eps == 0, 0.0, logvar / 4))                           # √σ, where it matters
    part = h * eps
    z = mean + h * part                                                       # (1)

    def pullback(z_bar: Array) -> dict[str, Array]:
        return {"mean": xp.asarray(z_bar, copy=True), "logvar": z_bar * h * (part / 2)}    # (2)

    return z, pullback
