"""Chains of stochastic steps."""

import torch


def euler_maruyama(x, eps, times, h, diffusion, theta, *, drift):
    for noise, t, step, g in zip(eps.unbind(1), times, h, diffusion, strict=True):
        x = torch.addcmul(torch.addcmul(x, step, drift(x, t, theta)), g * step.sqrt(), noise)
    return x


def reverse_euler_maruyama(x, eps, times, h, slope, diffusion, noise_scale, theta, *, score):
    weight = (1 + noise_scale.square()) / 2
    for noise, t, step, a, g in zip(eps.unbind(1), times, h, slope, diffusion, strict=True):
        drift = a * x - weight * g.square() * score(x, t, theta)
        x = x - step * drift + noise_scale * g * step.sqrt() * noise
    return x


def predictor_corrector(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, *, score):
    for n, (noise, noises) in enumerate(zip(eps.unbind(1), corrector_eps.unbind(1), strict=True)):
        drift = slope[n] * x - diffusion[n].square() * score(x, times[n], theta)
        x = x - h[n] * drift + diffusion[n] * h[n].sqrt() * noise
        for z in noises.unbind(1):
            x = torch.addcmul(torch.addcmul(x, step[n] / 2, score(x, times[n] - h[n], theta)), step[n].sqrt(), z)
    return x
