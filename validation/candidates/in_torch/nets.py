"""Layers and networks."""

import math

import torch
import torch.nn.functional as F

ACTIVATIONS = {"tanh": torch.tanh, "softplus": F.softplus, "silu": F.silu, "relu": F.relu}


def affine(x, W, b):
    return F.linear(x, W, b)


def mlp(x, theta, *, activation):
    depth = len(theta) // 2
    for layer in range(1, depth):
        x = ACTIVATIONS[activation](F.linear(x, theta[f"W{layer}"], theta[f"b{layer}"]))
    return F.linear(x, theta[f"W{depth}"], theta[f"b{depth}"])


def mlp_tangent(x, x_dot, theta, *, activation):
    def along(direction):
        return torch.func.jvp(lambda x: mlp(x, theta, activation=activation), (x,), (direction,))[1]

    return mlp(x, theta, activation=activation), torch.stack([along(d) for d in x_dot.unbind(1)], 1)


def sinusoidal_embedding(t, *, features, spacing):
    half = features // 2
    n = half if spacing == "half" else max(half - 1, 1)
    omega = torch.exp(-math.log(10000.0) * torch.arange(half, dtype=t.dtype, device=t.device) / n)
    angle = torch.outer(t, omega)
    return torch.cat([angle.sin(), angle.cos()], -1)


def made(x, theta, *, activation):
    depth, last = len(theta) // 2, x.shape[1]
    below = torch.arange(1, last + 1, device=x.device)
    for layer in range(1, depth + 1):
        W, b = theta[f"W{layer}"], theta[f"b{layer}"]
        unit = torch.arange(len(b), device=x.device)
        degree = unit + 1 if layer == depth else unit.remainder(max(last - 1, 1)) + min(last - 1, 1)
        mask = degree[:, None] > below if layer == depth else degree[:, None] >= below
        x, below = F.linear(x, mask * W, b), degree
        x = x if layer == depth else ACTIVATIONS[activation](x)
    return x
