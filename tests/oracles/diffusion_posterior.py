"""Two Gaussians multiplied: x_{t−1} ~ N(√ᾱ_{t−1} x₀, 1 − ᾱ_{t−1}) and x_t ~ N(√α x_{t−1}, β), by precisions.

The product of densities in x_{t−1} has precision 1/(1 − ᾱ_{t−1}) + α/β. Multiplied out by 1 − ᾱ_{t−1}, for that may
be zero."""

from .schedules import every


def value(xp, xt, x0, beta, alpha_prod_prev):
    prior, alpha = 1 - alpha_prod_prev, 1 - beta
    variance = prior / (1 + alpha * prior / beta)
    prior, alpha, spread, signal = (every(xp, number, xt) for number in (prior, alpha, beta, alpha_prod_prev))
    return (xp.sqrt(signal) * x0 + prior * xp.sqrt(alpha) / spread * xt) / (1 + alpha * prior / spread), variance
