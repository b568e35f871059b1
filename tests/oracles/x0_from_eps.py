"""x_t = √ᾱ x₀ + √(1 − ᾱ) ε, solved for the data."""

from .schedules import every


def value(xp, xt, eps, alpha_prod):
    a = every(xp, alpha_prod, xt)
    return (xt - xp.sqrt(1 - a) * eps) / xp.sqrt(a)
