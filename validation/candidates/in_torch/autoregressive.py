"""Flows whose components are conditioned by those before them."""

import torch


def networks(x, shift_theta, scale_theta, conditioner, scale):
    a = conditioner(x, scale_theta)
    return conditioner(x, shift_theta), a.tanh() if scale == "bounded" else a


def masked_autoregressive(x, shift_theta, scale_theta, *, conditioner, scale):
    shift, alpha = networks(x, shift_theta, scale_theta, conditioner, scale)
    return (x - shift) * torch.exp(-alpha), -alpha.sum(-1)


def masked_autoregressive_inverse(z, shift_theta, scale_theta, *, conditioner, scale):
    x, alpha = torch.zeros_like(z), torch.zeros_like(z)
    for d in range(z.shape[1]):
        shift, alpha = networks(x, shift_theta, scale_theta, conditioner, scale)
        new = torch.addcmul(shift, z, alpha.exp())
        x = torch.cat([x[:, :d], new[:, d:d + 1], x[:, d + 1:]], dim=1)
    return x, alpha.sum(-1)
