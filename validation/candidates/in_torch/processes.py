"""The processes in continuous time: their laws, their reversal, what they obey."""

import torch

from .batch import per_example


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
