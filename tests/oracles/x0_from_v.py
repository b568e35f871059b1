"""x_t = √ᾱ x₀ + √(1 − ᾱ) ε and v = √ᾱ ε − √(1 − ᾱ) x₀, solved for the data by Cramer's rule."""

from .schedules import every


def value(xp, xt, v, alpha_prod):
    a = every(xp, alpha_prod, xt)
    signal, noise = xp.sqrt(a), xp.sqrt(1 - a)
    return (signal * xt - noise * v) / (signal * signal + noise * noise)
