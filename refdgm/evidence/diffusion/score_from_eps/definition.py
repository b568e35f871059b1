"""The score of a noised example, and its noise."""

from refdgm.evidence.diffusion.components import every


def score_from_eps(xp, eps, alpha_prod):
    """∇ log N(x_t; √ᾱ x₀, 1 − ᾱ) = −(x_t − √ᾱ x₀)/(1 − ᾱ), where x_t − √ᾱ x₀ = √(1 − ᾱ) ε."""
    variance = 1 - every(xp, alpha_prod, eps)
    return -xp.sqrt(variance) * eps / variance


def eps_from_score(xp, score, alpha_prod):
    """∇ log N(x_t; √ᾱ x₀, 1 − ᾱ) = −ε/√(1 − ᾱ), solved for the noise."""
    return -xp.sqrt(1 - every(xp, alpha_prod, score)) * score
