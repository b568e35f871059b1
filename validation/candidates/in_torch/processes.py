"""The processes in continuous time: their laws, their reversal, what they obey."""

import torch


def perturbation_kernel(t, low, high, *, process):
    if process == "ve":
        ratio = (high / low).log()
        return {"scale": torch.ones_like(t), "std": low * torch.expm1(2 * t * ratio).sqrt()}
    integral = t * torch.lerp(low, high, t / 2)
    variance = -torch.expm1(-integral)
    return {"scale": torch.exp(-0.5 * integral), "std": variance.sqrt() if process == "vp" else variance}
