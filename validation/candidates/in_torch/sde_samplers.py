"""Chains of stochastic steps."""

import torch


def euler_maruyama(x, eps, times, h, diffusion, theta, *, drift):
    for noise, t, step, g in zip(eps.unbind(1), times, h, diffusion, strict=True):
        x = torch.addcmul(torch.addcmul(x, step, drift(x, t, theta)), g * step.sqrt(), noise)
    return x
