"""Layers of normalizing flows."""

import torch
import torch.nn.functional as F

from .batch import of_examples


def affine_transform(z, scale, shift):
    each = torch.distributions.AffineTransform(shift, scale)
    x = each(z)
    return x, of_examples(each.log_abs_det_jacobian(z, x))


def affine_coupling(x, log_scale, shift, *, direction, scale):
    s = F.logsigmoid(log_scale + 2) if scale == "sigmoid" else log_scale
    if direction == "forward":
        return torch.addcmul(shift, x, s.exp()), of_examples(s)
    return (x - shift) * (-s).exp(), -of_examples(s)


def planar_transform(z, u, w, b, *, constraint):
    """As in Pyro."""
    along = torch.dot(u, w)
    if constraint == "softplus":
        u = u + (F.softplus(along) - 1 - along) * w.div(w.pow(2).sum())
    act = torch.tanh(torch.mv(z, w) + b)
    psi = (1 - act.square()).unsqueeze(-1) * w
    return z + u * act.unsqueeze(-1), torch.log(torch.abs(1 + torch.mv(psi, u)))


def planar_inverse(x, u, w, b, *, constraint):
    """Newton's steps without a tape, and one with it."""
    along = torch.dot(u, w)
    k, y = F.softplus(along) - 1, torch.mv(x, w) + b
    step = lambda a, k, y: a - (a + k * torch.tanh(a) - y) / (1 + k * (1 - torch.tanh(a).square()))
    with torch.no_grad():
        a = y / (1 + k + y.abs() / (1 + y.abs()))
        for _ in range(64):
            a = step(a, k, y)
    act = torch.tanh(step(a, k, y))
    hat = u + (k - along) * w / w.square().sum()
    return x - act.unsqueeze(-1) * hat, -torch.log1p((1 - act.square()) * k)


def planar_flow(z, u, w, b, *, constraint):
    total = torch.zeros_like(z[:, 0])
    for one in zip(u, w, b, strict=True):
        z, log_det = planar_transform(z, *one, constraint=constraint)
        total = total + log_det
    return z, total
