"""A Gaussian with mean √ᾱ x₀ and variance 1 − ᾱ, drawn as its mean and its deviation times the noise."""

from refdgm.evidence.diffusion.components import every


def forward_marginal(xp, x0, eps, alpha_prod):
    variance = 1 - every(xp, alpha_prod, x0)
    return xp.sqrt(every(xp, alpha_prod, x0)) * x0 + xp.sqrt(variance) * eps
