"""Brownian paths."""

import torch

from .batch import per_example


def wiener_path(eps, h):
    return (h.sqrt()[:, None] * eps).cumsum(1)


def brownian_bridge(left, right, eps, h, share):
    deviation = (h * share * (1 - share)).sqrt()
    return torch.lerp(left, right, per_example(share, left)) + per_example(deviation, left) * eps


def langevin_corrector_step(x, score, eps, snr, *, norm):
    s, z = (torch.linalg.vector_norm(y.reshape(len(y), -1), dim=1) for y in (score, eps))
    if norm == "batch":
        s, z = s.mean().expand(len(x)), z.mean().expand(len(x))
    step = per_example(2 * (snr * z / s).square(), x)
    return x + step * score + (2 * step).sqrt() * eps
