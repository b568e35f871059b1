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
