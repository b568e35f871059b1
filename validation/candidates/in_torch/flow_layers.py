"""Layers of normalizing flows."""

import torch

from .batch import of_examples


def affine_transform(z, scale, shift):
    each = torch.distributions.AffineTransform(shift, scale)
    x = each(z)
    return x, of_examples(each.log_abs_det_jacobian(z, x))
