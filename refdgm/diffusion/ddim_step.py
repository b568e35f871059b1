"""Denoising diffusion implicit models: one step, from the deterministic to the ancestral."""

from refdgm.declaration.domain import noise as randomness
from refdgm.declaration.domain import portion, real, share, unit
from refdgm.diffusion.diffusion_posterior import BY_PRODUCTS
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against
from refdgm.reference import reference


@reference(
    args={
        "xt": real("B", "...", meaning="x_t, the noisier sample"),
        "eps_pred": real("B", "...", meaning="ε, the noise predicted from x_t"),
        "noise": randomness("normal", "B", "...", meaning="z, the noise of the step"),
        "beta": unit("B", meaning="β = 1 − ᾱ_t / ᾱ_s, the variance that noising adds from s to t",
                     instead="ᾱ_t = 0 leaves nothing of x₀ in x_t, and ε does not tell x₀: predict x₀ there"),
        "alpha_prod_prev": portion("B", meaning="ᾱ_s of the step s < t to come; 1 for the data"),
        "eta": share(meaning="η, share of the ancestral deviation; 0 is deterministic, 1 ancestral"),
    },
    wrt=("xt", "eps_pred", "eta"),
    result=real("B", "...", meaning="x_s, the next sample"),
    source="song2021ddim",
    exchanges=BY_PRODUCTS,
)
def ddim_step(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Result:
    """DDIM step: x_s from x_t and the predicted noise ε, for any s < t.

        σ = η √((1 − ᾱ_s) / (1 − ᾱ_t)) √(1 − ᾱ_t / ᾱ_s)                                  (1)
        x_s = √ᾱ_s (x_t − √(1 − ᾱ_t) ε) / √ᾱ_t + √(1 − ᾱ_s − σ²) ε + σ z                 (2)

    With α = 1 − β = ᾱ_t / ᾱ_s the same is, free of cancellation,

        c = 1 − ᾱ_t = (1 − ᾱ_s) + β ᾱ_s                                                  (3)
        r = 1 − ᾱ_s − σ² = (1 − ᾱ_s) d / c,   d = α (1 − ᾱ_s) + β (1 − η²)               (4)
        k = √(c/α) − √r = β (1 + η² α (1 − ᾱ_s) / c) / (α (√(c/α) + √r))                 (5)
        x_s = x_t / √α − k ε + σ z                                                       (6)

    Cotangents for the cotangent of x_s, written x_bar:

        x_bar_t = x_bar / √α,   ε_bar = −k x_bar                                         (7)
        η_bar = Σ_b √(β (1 − ᾱ_s) / c) ⟨x_bar, z⟩ − η β √((1 − ᾱ_s) / (c d)) ⟨x_bar, ε⟩  (8)

    In (2) the two terms in ε are nearly equal where steps are short, and their difference (5) is what moves x.
    From (4), r ≥ 0 for every η in [0, 1]; no clamp is needed. η = 1 is the ancestral step with the posterior's
    variance. The last step, ᾱ_s = 1, returns the predicted x₀, (x_t − √(1 − ᾱ_t) ε)/√ᾱ_t, whatever η and z are. The
    schedule is not differentiated: at ᾱ_s = 1 the slope of √(1 − ᾱ_s) is infinite.
    Source: Song, Meng & Ermon (2021), eqs 12 and 16.
    """
    xp = namespace(xt)
    alpha, before = 1 - beta, 1 - alpha_prod_prev
    now = before + beta * alpha_prod_prev                                     # (3)
    d = alpha * before + beta * ((1 - eta) * (1 + eta))
    rest = xp.sqrt(before / now * d)                                          # (4)
    k = against(beta * (1 + eta**2 * alpha * (before / now)) / (alpha * (xp.sqrt(now / alpha) + rest)), xt)   # (5)
    root, posterior = against(xp.sqrt(alpha), xt), against(xp.sqrt(beta * (before / now)), xt)
    xs = xt / root - k * eps_pred + eta * posterior * noise                   # (1), (6)

    def pullback(xs_bar: Array) -> dict[str, Array]:
        safe = xp.where(d > 0, d, xp.ones_like(d))  # d = 0 at ᾱ_s = η = 1 alone, where 1 − ᾱ_s = 0 settles it
        of_eps = against(eta * beta * xp.sqrt(before / now) / xp.sqrt(safe), xt)
        return {
            "xt": xs_bar / root,                                              # (7)
            "eps_pred": -k * xs_bar,
            "eta": xp.sum(xs_bar * (posterior * noise - of_eps * eps_pred)),  # (8)
        }

    return xs, pullback
