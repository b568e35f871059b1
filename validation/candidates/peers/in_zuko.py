"""Layers of zuko: the masked perceptron and the autoregressive transform of affine maps, both ways; and its flows of
coupling transforms."""

import math

import torch
from torch import nn
from zuko.distributions import DiagNormal, NormalizingFlow
from zuko.nn import MaskedMLP
from zuko.transforms import (
    AutoregressiveTransform,
    ComposedTransform,
    CouplingTransform,
    DependentTransform,
    MonotonicAffineTransform,
    PermutationTransform,
)

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


def monotone(alpha, shift):
    """From data to noise, (y − t) e^{−α}."""
    return DependentTransform(MonotonicAffineTransform(-shift * torch.exp(-alpha), -alpha / (1 - abs(alpha) / CLIP)), 1)


def coupling(theta, features):
    depth = len(theta) // 2

    def meta(h):
        for n in range(1, depth + 1):
            h = nn.functional.linear(h, theta[f"W{n}"], theta[f"b{n}"])
            h = torch.tanh(h) if n < depth else h
        log_scale, shift = h.chunk(2, dim=-1)
        return monotone(torch.tanh(log_scale), shift)

    return CouplingTransform(meta, torch.arange(features) < (features + 1) // 2)


def flow(x, theta, order, base):
    features, layers = x.shape[1], []
    for n in reversed(range(len(theta["b1"]))):
        layers += [coupling({name: entry[n] for name, entry in theta.items()}, features)]
        layers += [PermutationTransform(torch.arange(features - 1, -1, -1))] * (order == "reverse" and n > 0)
    return NormalizingFlow(ComposedTransform(*layers), base(torch.zeros_like(x[0]), torch.ones_like(x[0])))


def normalizing_flow_log_density(x, theta, *, order):
    return flow(x, theta, order, DiagNormal).log_prob(x)


def normalizing_flow_sample(z, theta, *, order):
    class Drawn(DiagNormal):
        def rsample(self, shape=()):
            return z

    return flow(z, theta, order, Drawn).rsample_and_log_prob((len(z),))


COUPLED = {"fixed": {"transform": "coupling_tanh"}}
BOUNDED = {"fixed": {"scale": "bounded"}}
CANDIDATES = {
    "masked_autoregressive": {"function": masked_autoregressive, **BOUNDED},
    "masked_autoregressive_inverse": {"function": masked_autoregressive_inverse, **BOUNDED},
    "normalizing_flow_log_density": {"function": normalizing_flow_log_density, **COUPLED},
    "normalizing_flow_sample": {"function": normalizing_flow_sample, **COUPLED},
}
