"""The weighted error of the denoised point."""

from refdgm.evidence.diffusion.components import every, total
from refdgm.evidence.diffusion.edm_denoiser.definition import edm_denoiser
from refdgm.evidence.diffusion.edm_preconditioning.definition import edm_preconditioning


def edm_loss(xp, output, x0, eps, sigma, sigma_data):
    """λ |D(x0 + sigma eps) − x0|², λ = (sigma² + sigma_data²)/(sigma sigma_data)²."""
    weight = (sigma**2 + sigma_data**2) / (sigma * sigma_data) ** 2
    denoised = edm_denoiser(xp, x0 + every(xp, sigma, x0) * eps, output, sigma, sigma_data)
    return weight * total(xp, (denoised - x0) ** 2)


def edm_loss__effective(xp, output, x0, eps, sigma, sigma_data):
    """λ c_out² |F − (x0 − c_skip x)/c_out|², as the paper has it for the effective target of the network."""
    skip, out, _, _ = edm_preconditioning(xp, sigma, sigma_data)
    weight = (sigma**2 + sigma_data**2) / (sigma * sigma_data) ** 2
    x = x0 + every(xp, sigma, x0) * eps
    target = (x0 - every(xp, skip, x0) * x) / every(xp, out, x0)
    return weight * out**2 * total(xp, (output - target) ** 2)


def edm_loss__usual(xp, output, x0, eps, sigma, sigma_data):
    """The target of unit variance, (sigma/sigma_data x0 − sigma_data eps)/sqrt(sigma² + sigma_data²)."""
    root = xp.sqrt(sigma**2 + sigma_data**2)
    target = every(xp, sigma / (sigma_data * root), x0) * x0 - every(xp, sigma_data / root, x0) * eps
    return total(xp, (output - target) ** 2)
