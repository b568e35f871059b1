"""∇ log N(x_t; √ᾱ x₀, 1 − ᾱ) = −ε/√(1 − ᾱ), solved for the noise."""

from .schedules import every


def value(xp, score, alpha_prod):
    return -xp.sqrt(1 - every(xp, alpha_prod, score)) * score
