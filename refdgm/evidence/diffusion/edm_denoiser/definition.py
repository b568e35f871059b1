"""The denoised point: skip x + out F."""

from refdgm.evidence.diffusion.components import every
from refdgm.evidence.diffusion.edm_preconditioning.definition import (
    edm_preconditioning,
    edm_preconditioning__differentiated,
    edm_preconditioning__powers,
)


def edm_denoiser(xp, x, output, sigma, sigma_data):
    skip, out, _, _ = edm_preconditioning(xp, sigma, sigma_data)
    return every(xp, skip, x) * x + every(xp, out, x) * output


def edm_denoiser__powers(xp, x, output, sigma, sigma_data):
    skip, out, _, _ = edm_preconditioning__powers(xp, sigma, sigma_data)
    return every(xp, skip, x) * x + every(xp, out, x) * output


def edm_denoiser__differentiated(xp, x, output, sigma, sigma_data):
    skip, out, _, _ = edm_preconditioning__differentiated(xp, sigma, sigma_data)
    return every(xp, skip, x) * x + every(xp, out, x) * output
