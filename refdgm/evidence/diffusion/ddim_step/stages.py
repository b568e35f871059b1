"""A DDIM step, from the schedule to the next sample: eqs 12 and 16 of the paper."""

from refdgm.evidence.diffusion.components import every


def ddim_step(xp, xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    before = every(xp, alpha_prod_prev, xt)
    product = (1 - every(xp, beta, xt)) * before
    yield "alpha_prod", "ᾱ_t = (1 − β) ᾱ_s; β is that of the whole stride from s to t", product
    x0 = (xt - xp.sqrt(1 - product) * eps_pred) / xp.sqrt(product)
    yield "x0", "x₀ = (x_t − √(1 − ᾱ_t) ε) / √ᾱ_t, as predicted, not clipped", x0
    sigma = eta * xp.sqrt((1 - before) / (1 - product)) * xp.sqrt(1 - product / before)
    yield "sigma", "σ = η √((1 − ᾱ_s) / (1 − ᾱ_t)) √(1 − ᾱ_t / ᾱ_s), (1)", sigma
    direction = xp.sqrt(1 - before - sigma**2) * eps_pred
    yield "direction", "√(1 − ᾱ_s − σ²) ε, toward x_t, of (2)", direction
    yield "mean", "√ᾱ_s x₀ and the direction", xp.sqrt(before) * x0 + direction
    yield "value", "x_s = √ᾱ_s x₀ + √(1 − ᾱ_s − σ²) ε + σ z, (2)", xp.sqrt(before) * x0 + direction + sigma * noise
