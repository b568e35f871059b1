"""Straight paths from noise to data."""

import torch
import torch.nn.functional as F

from .batch import per_example


def flow_matching_path(x0, x1, t, sigma_min):
    end = torch.lerp(x1, x1 + x0, sigma_min)
    return {"xt": torch.lerp(x0, end, per_example(t, x0)), "target": end - x0}


def flow_matching_loss(velocity, x0, x1, sigma_min):
    target = torch.addcmul(x1 - x0, sigma_min, x0)
    return F.mse_loss(velocity, target, reduction="none").flatten(1).sum(1) if x0.ndim > 1 else (velocity - target) ** 2


def flow_matching_step(xt, velocity, t, t_next):
    return torch.addcmul(xt, per_example(t_next - t, xt), velocity)


def score_from_velocity(xt, velocity, t):
    t = per_example(t, xt)
    return (t * velocity - xt).div(1 - t)


def timestep_shift(t, shift):
    return shift * t / torch.lerp(torch.ones_like(shift), shift, t)
