"""Two Gaussians multiplied: x_{t−1} ~ N(√ᾱ_{t−1} x₀, 1 − ᾱ_{t−1}) and x_t ~ N(√α x_{t−1}, β), by precisions.

The product of densities in x_{t−1} has precision 1/(1 − ᾱ_{t−1}) + α/β. Multiplied out by 1 − ᾱ_{t−1}, for that may
be zero."""

from refdgm.evidence.diffusion.components import every


def diffusion_posterior(xp, xt, x0, beta, alpha_prod_prev):
    prior, alpha = 1 - alpha_prod_prev, 1 - beta
    variance = prior / (1 + alpha * prior / beta)
    prior, alpha, spread, signal = (every(xp, number, xt) for number in (prior, alpha, beta, alpha_prod_prev))
    return (xp.sqrt(signal) * x0 + prior * xp.sqrt(alpha) / spread * xt) / (1 + alpha * prior / spread), variance


def diffusion_posterior__usual(xp, xt, x0, beta, alpha_prod_prev):
    """The coefficients as the papers print them, over 1 − ᾱ."""
    a = 1 - (1 - beta) * alpha_prod_prev
    variance = (1 - alpha_prod_prev) / a * beta
    a, step, before = (every(xp, number, xt) for number in (a, beta, alpha_prod_prev))
    return xp.sqrt(before) * step / a * x0 + xp.sqrt(1 - step) * (1 - before) / a * xt, variance
