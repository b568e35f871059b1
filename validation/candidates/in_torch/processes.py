"""The processes in continuous time: their laws, their reversal, what they obey."""

import torch

from .batch import of_examples, per_example
from .sde import sde_coefficients


def perturbation_kernel(t, low, high, *, process):
    if process == "ve":
        ratio = (high / low).log()
        return {"scale": torch.ones_like(t), "std": low * torch.expm1(2 * t * ratio).sqrt()}
    integral = t * torch.lerp(low, high, t / 2)
    variance = -torch.expm1(-integral)
    return {"scale": torch.exp(-0.5 * integral), "std": variance.sqrt() if process == "vp" else variance}


def reverse_sde(drift, score, diffusion, noise_scale):
    weight = (1 + noise_scale.square()) / 2 * diffusion.square()
    return {"drift": torch.addcmul(drift, per_example(weight, drift), score, value=-1),
            "diffusion": noise_scale * diffusion}


def equivalent_sde(drift, score, diffusion, noise_scale):
    weight = (1 - noise_scale) * (1 + noise_scale) / 2 * diffusion.square()
    return {"drift": torch.addcmul(drift, per_example(weight, drift), score, value=-1),
            "diffusion": noise_scale * diffusion}


def continuous_score_matching(score, eps, t, low, high, *, process, weighting):
    std = perturbation_kernel(t, low, high, process=process)["std"]
    g = sde_coefficients(t, low, high, process=process)["diffusion"]
    root = {"std2": std, "diffusion2": g, "one": torch.ones_like(t)}[weighting]
    error = torch.addcmul(eps, per_example(std, score), score) * per_example(root / std, score)
    return of_examples(error.square()) / 2


def mala_log_ratio(x, y, score_x, score_y, log_density_x, log_density_y, step):
    there, back = y - x - step / 2 * score_x, x - y - step / 2 * score_y
    proposals = of_examples(there.square() - back.square()) / (2 * step)
    return log_density_y - log_density_x + proposals


def fokker_planck_residual(rate, drift, divergence, score, score_divergence, diffusion):
    bent = score_divergence + of_examples(score.square())
    return rate + divergence + of_examples(drift * score) - diffusion.square() / 2 * bent
