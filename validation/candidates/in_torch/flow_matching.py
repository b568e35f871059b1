"""Straight paths from noise to data."""

import torch

from .batch import per_example


def flow_matching_path(x0, x1, t, sigma_min):
    end = torch.lerp(x1, x1 + x0, sigma_min)
    return {"xt": torch.lerp(x0, end, per_example(t, x0)), "target": end - x0}
