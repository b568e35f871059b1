"""The probability flow of three processes, and likelihoods along it."""

import functools

import torch
import torch.nn.functional as F
from torch.distributions import Normal

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


def density_to_the_prior(x, directions, t0, t1, low, high, theta, score, process, method, steps):
    """The state and the mean of vᵀJv over the directions, from the data to the prior."""
    velocity = probability_velocity(score, low, high, process)

    def both(state, t, theta):
        along = functools.partial(torch.func.jvp, lambda z: velocity(z, t, theta), (state[:, :-1],))
        products = [along((v,))[1].mul(v).sum(-1) for v in directions]
        return torch.cat([velocity(state[:, :-1], t, theta), torch.stack(products).mean(0)[:, None]], 1)

    state = odeint(F.pad(x, (0, 1)), t0, t1, theta, velocity=both, method=method, steps=steps)
    end = state[:, :-1]
    prior = Normal(torch.zeros_like(end), high.expand_as(end) if process == "ve" else torch.ones_like(end))
    return prior.log_prob(end).sum(-1) + state[:, -1]


def probability_flow_log_density(x, t0, t1, low, high, theta, *, score, process, method, steps):
    size = x.shape[1]
    axes = torch.eye(size, dtype=x.dtype)[:, None].expand(size, *x.shape).mul(size**0.5)
    return density_to_the_prior(x, axes.unbind(0), t0, t1, low, high, theta, score, process, method, steps)


def probability_flow_log_density_estimate(x, probe, t0, t1, low, high, theta, *, score, process, method, steps):
    return density_to_the_prior(x, probe.unbind(1), t0, t1, low, high, theta, score, process, method, steps)
