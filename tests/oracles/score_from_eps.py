"""∇ log N(x_t; √ᾱ x₀, 1 − ᾱ) = −(x_t − √ᾱ x₀)/(1 − ᾱ), where x_t − √ᾱ x₀ = √(1 − ᾱ) ε."""

from .schedules import every


def value(xp, eps, alpha_prod):
    variance = 1 - every(xp, alpha_prod, eps)
    return -xp.sqrt(variance) * eps / variance
