"""Brownian paths."""

import torch

from .batch import per_example


def wiener_path(eps, h):
    return (h.sqrt()[:, None] * eps).cumsum(1)


def brownian_bridge(left, right, eps, h, share):
    deviation = (h * share * (1 - share)).sqrt()
    return torch.lerp(left, right, per_example(share, left)) + per_example(deviation, left) * eps
