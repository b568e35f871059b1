"""What a network predicts: the noise, the data, or the velocity; each from the others, given x_t.

All of it is x_t = √ᾱ x₀ + √(1 − ᾱ) ε and the rotation of the pair (x₀, ε) by the angle whose cosine is √ᾱ.
"""

from refdgm.declaration.domain import real
from refdgm.diffusion.forward_marginal import ALPHA_PROD
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, inner
from refdgm.reference import reference

XT = real("B", "...", meaning="x_t, the noised data")
X0 = real("B", "...", meaning="x₀, clean data or a prediction of it")
EPS = real("B", "...", meaning="ε, the noise or a prediction of it")
V = real("B", "...", meaning="v, the velocity or a prediction of it")


@reference(
    args={"xt": XT, "eps": EPS, "alpha_prod": ALPHA_PROD},
    wrt=("xt", "eps", "alpha_prod"),
    result=X0,
    source="ho2020ddpm",
)
def x0_from_eps(xt: Array, eps: Array, alpha_prod: Array) -> Result:
    """The data that the noise leaves.

        x₀ = (x_t − √(1 − ᾱ) ε) / √ᾱ                                         (1)

    Cotangents for x_bar₀, a_bar that of ᾱ, every ⟨·,·⟩ a sum over one example:

        x_bar_t = x_bar₀ / √ᾱ,   ε_bar = −√(1 − ᾱ) x_bar₀ / √ᾱ               (2)
        a_bar = ⟨x_bar₀, ε / √(1 − ᾱ) − x_t⟩ / (2 ᾱ √ᾱ)                      (3)

    Where ᾱ is small the error of ε is magnified by 1/√ᾱ: this is the problem's, not the formula's.
    Source: Ho, Jain & Abbeel (2020), eq. 15.
    """
    xp = namespace(xt)
    signal, noise = (against(xp.sqrt(part), xt) for part in (alpha_prod, 1 - alpha_prod))
    x0 = (xt - noise * eps) / signal                                          # (1)

    def pullback(x0_bar: Array) -> dict[str, Array]:
        return {
            "xt": x0_bar / signal,                                            # (2)
            "eps": -noise * x0_bar / signal,
            "alpha_prod": inner(x0_bar, (eps / noise - xt) / signal) / alpha_prod / 2,    # (3)
        }

    return x0, pullback


@reference(
    args={"xt": XT, "x0": X0, "alpha_prod": ALPHA_PROD},
    wrt=("xt", "x0", "alpha_prod"),
    result=EPS,
    source="ho2020ddpm",
)
def eps_from_x0(xt: Array, x0: Array, alpha_prod: Array) -> Result:
    """The noise that the data leave.

        ε = (x_t − √ᾱ x₀) / √(1 − ᾱ)                                         (1)

    Cotangents for ε_bar, a_bar that of ᾱ, every ⟨·,·⟩ a sum over one example:

        x_bar_t = ε_bar / √(1 − ᾱ),   x_bar₀ = −√ᾱ ε_bar / √(1 − ᾱ)          (2)
        a_bar = ⟨ε_bar, x_t − x₀ / √ᾱ⟩ / (2 (1 − ᾱ) √(1 − ᾱ))                (3)

    Where ᾱ is near 1 the error of x₀ is magnified by 1/√(1 − ᾱ): this is the problem's, not the formula's.
    Source: Ho, Jain & Abbeel (2020), eq. 4, solved for the noise.
    """
    xp = namespace(xt)
    signal, noise = (against(xp.sqrt(part), xt) for part in (alpha_prod, 1 - alpha_prod))
    eps = (xt - signal * x0) / noise                                          # (1)

    def pullback(eps_bar: Array) -> dict[str, Array]:
        return {
            "xt": eps_bar / noise,                                            # (2)
            "x0": -signal * eps_bar / noise,
            "alpha_prod": inner(eps_bar, (xt - x0 / signal) / noise) / (1 - alpha_prod) / 2,    # (3)
        }

    return eps, pullback
