"""Layers of zuko: the masked perceptron and the autoregressive transform of affine maps, both ways."""

import math

import torch
from torch import nn
from zuko.nn import MaskedMLP
from zuko.transforms import AutoregressiveTransform, DependentTransform, MonotonicAffineTransform

ACTIVATIONS = {"tanh": nn.Tanh, "softplus": nn.Softplus, "silu": nn.SiLU, "relu": nn.ReLU}
CLIP = -math.log(1e-3)  # its log-scale is r / (1 + |r| / CLIP)


def made(x, theta, *, activation):
    depth, features = len(theta) // 2, x.shape[1]
    below = torch.arange(features)[:, None] > torch.arange(features)
    network = MaskedMLP(below, [len(theta[f"b{n}"]) for n in range(1, depth)], activation=ACTIVATIONS[activation])
    held = {f"{2 * n - 2}.weight": theta[f"W{n}"] for n in range(1, depth + 1)}
    held |= {f"{2 * n - 2}.bias": theta[f"b{n}"] for n in range(1, depth + 1)}
    return torch.func.functional_call(network, held, (x,))


def transform(shift_theta, scale_theta, conditioner, passes):
    """Shift and scale are told in its parametrisation."""

    def meta(x):
        alpha = torch.tanh(conditioner(x, scale_theta))
        shift = -conditioner(x, shift_theta) * torch.exp(-alpha)
        return DependentTransform(MonotonicAffineTransform(shift, -alpha / (1 - abs(alpha) / CLIP)), 1)

    return AutoregressiveTransform(meta, passes=passes)


def masked_autoregressive(x, shift_theta, scale_theta, *, conditioner):
    return transform(shift_theta, scale_theta, conditioner, x.shape[1]).call_and_ladj(x)


def masked_autoregressive_inverse(z, shift_theta, scale_theta, *, conditioner):
    return transform(shift_theta, scale_theta, conditioner, z.shape[1]).inv.call_and_ladj(z)


BOUNDED = {"fixed": {"scale": "bounded"}}
CANDIDATES = {
    "masked_autoregressive": {"function": masked_autoregressive, **BOUNDED},
    "masked_autoregressive_inverse": {"function": masked_autoregressive_inverse, **BOUNDED},
}
