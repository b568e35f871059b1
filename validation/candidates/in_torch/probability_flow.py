"""The probability flow of three processes, and likelihoods along it."""

import torch

from .ode import odeint


def probability_velocity(score, low, high, process):
    """f(x, t, θ) = a x − ½ g² s."""

    def velocity(x, t, theta):
        s = score(x, t, theta)
        if process == "ve":
            ratio = (high / low).log()
            return -(low * torch.exp(t * ratio)).square() * ratio * s
        half = torch.lerp(low, high, t) / 2
        kept = -torch.expm1(-2 * t * torch.lerp(low, high, t / 2)) if process == "sub_vp" else 1
        return -half * torch.add(x, kept * s)

    return velocity


def probability_flow(x, t0, t1, low, high, theta, *, score, process, method, steps):
    velocity = probability_velocity(score, low, high, process)
    return odeint(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)
