"""x_t = √ᾱ x₀ + √(1 − ᾱ) ε, solved for one of the two."""

from refdgm.evidence.diffusion.components import every


def x0_from_eps(xp, xt, eps, alpha_prod):
    """For the data."""
    a = every(xp, alpha_prod, xt)
    return (xt - xp.sqrt(1 - a) * eps) / xp.sqrt(a)


def eps_from_x0(xp, xt, x0, alpha_prod):
    """For the noise."""
    a = every(xp, alpha_prod, xt)
    return (xt - xp.sqrt(a) * x0) / xp.sqrt(1 - a)
