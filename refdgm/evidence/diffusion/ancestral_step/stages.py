"""An ancestral step, from the schedule to the next sample: eq. 11 and algorithm 2 of the paper."""

from refdgm.evidence.diffusion.components import every


def ancestral_step(xp, xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    beta, before = every(xp, beta, xt), every(xp, alpha_prod_prev, xt)
    yield "alpha", "α_t = 1 − β_t, (1)", 1 - beta
    product = (1 - beta) * before
    yield "alpha_prod", "ᾱ_t = α_t ᾱ_{t−1}", product
    x0 = (xt - xp.sqrt(1 - product) * eps_pred) / xp.sqrt(product)
    yield "x0", "x₀ = (x_t − √(1 − ᾱ_t) ε) / √ᾱ_t, as predicted, not clipped; (2) does without it", x0
    scaled = beta / xp.sqrt(1 - product) * eps_pred
    yield "scaled_eps", "β_t / √(1 − ᾱ_t) ε, of (2)", scaled
    mean = (xt - scaled) / xp.sqrt(1 - beta)
    yield "mean", "μ = (x_t − β_t / √(1 − ᾱ_t) ε) / √α_t, (2)", mean
    square = (1 - before) / (1 - product) * beta if variance == "posterior" else beta
    said = "β_tilde_t = β_t (1 − ᾱ_{t−1}) / (1 − ᾱ_t)" if variance == "posterior" else "β_t"
    yield "variance", f"σ_t² = {said}, (3); no logarithm of it", square
    yield "value", "x_{t−1} = μ + σ_t z, (4)", mean + xp.sqrt(square) * noise
