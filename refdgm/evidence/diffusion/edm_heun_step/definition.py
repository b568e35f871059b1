"""Two slopes and their mean: algorithm 1 of the paper with σ(t) = t and s(t) = 1."""

from refdgm.evidence.diffusion.components import every


def edm_heun_step(xp, x, denoised, denoised_next, sigma, sigma_next):
    t, t_next = every(xp, sigma, x), every(xp, sigma_next, x)
    d = (x - denoised) / t
    euler = x + (t_next - t) * d
    d_next = (euler - denoised_next) / t_next
    return x + (t_next - t) * (d / 2 + d_next / 2)


def edm_heun_step__ratio(xp, x, denoised, denoised_next, sigma, sigma_next):
    """By the quotient of the levels, as exponential integrators have it."""
    ratio = every(xp, sigma_next / sigma, x)
    return ratio * x + (1 - ratio) * (denoised + (denoised_next - denoised) / (2 * ratio))
