"""x_t = √ᾱ x₀ + √(1 − ᾱ) ε, solved for the noise."""

from .schedules import every


def value(xp, xt, x0, alpha_prod):
    a = every(xp, alpha_prod, xt)
    return (xt - xp.sqrt(a) * x0) / xp.sqrt(1 - a)
