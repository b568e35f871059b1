"""Langevin dynamics and stochastic differential equations."""

import torch

from .batch import per_example


def langevin_step(x, score, eps, step):
    return torch.addcmul(torch.addcmul(x, step / 2, score), step.sqrt(), eps)


def langevin_chain(x, eps, step, theta, *, score):
    for noise in eps.unbind(1):
        x = langevin_step(x, score(x, theta), noise, step)
    return x


def annealed_langevin(x, eps, sigmas, base_step, theta, *, score):
    steps = base_step * (sigmas / sigmas[-1]).square()
    for sigma, step, level in zip(sigmas, steps, eps.unbind(1), strict=True):
        for noise in level.unbind(1):
            x = langevin_step(x, score(x, sigma, theta), noise, step)
    return x


def probability_flow_drift(drift, score, diffusion):
    return torch.addcmul(drift, per_example(diffusion, drift).square(), score, value=-0.5)


def sde_coefficients(t, low, high, *, process):
    if process == "ve":
        return {"slope": torch.zeros_like(t), "diffusion": low * (high / low) ** t * (2 * (high / low).log()).sqrt()}
    beta = torch.lerp(low, high, t)
    if process == "vp":
        return {"slope": -0.5 * beta, "diffusion": beta.sqrt()}
    integral = t * torch.lerp(low, high, t / 2)
    return {"slope": -0.5 * beta, "diffusion": (beta * -torch.expm1(-2 * integral)).sqrt()}
