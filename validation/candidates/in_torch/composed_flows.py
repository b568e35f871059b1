"""Flows of several layers of one kind."""

import torch
from torch.distributions import Normal


def layers(theta):
    """θ of each."""
    count = next(iter(theta.values())).shape[0]
    return [{name: entry[n] for name, entry in theta.items()} for n in range(count)]


def base(z):
    return Normal(torch.zeros_like(z), torch.ones_like(z)).log_prob(z).sum(-1)


def normalizing_flow_log_density(x, theta, *, transform, order):
    total = torch.zeros_like(x[:, 0])
    for n, one in enumerate(reversed(layers(theta))):
        x, log_det = transform.inverse(x.flip(-1) if n and order == "reverse" else x, one)
        total = total + log_det
    return base(x) + total


def normalizing_flow_sample(z, theta, *, transform, order):
    x, log_density = z, base(z)
    for n, one in enumerate(layers(theta)):
        x, log_det = transform.forward(x.flip(-1) if n and order == "reverse" else x, one)
        log_density = log_density - log_det
    return {"x": x, "log_density": log_density}
