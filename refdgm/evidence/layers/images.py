"""Questions about images and kernels, and what is changed in them."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask

LONE = {"B": 1, "D": 1, "E": 1, "U": 1, "V": 1, "I": 1, "J": 1}


def ask(comment: str, flags: tuple[str, ...], stride: int, sizes: Any, regime: str = "unit", change: Any = None,
        **other: int) -> Ask:
    return Ask(comment, flags, regime, dict(sizes) | other, {"stride": stride}, change)


def impulse(arrays: Arrays) -> Arrays:
    """Of every image the pixel in the middle of the first channel alone."""
    x = np.zeros_like(arrays["input.x"])
    x[:, 0, x.shape[2] // 2, x.shape[3] // 2] = 1.0
    return {"input.x": x}


def constant(arrays: Arrays) -> Arrays:
    return {"input.x": np.full_like(arrays["input.x"], 1.5)}


def mirrored(arrays: Arrays) -> Arrays:
    """Kernels that are the mean of themselves and of themselves turned by half."""
    w = arrays["input.weight"]
    return {"input.weight": (w + w[:, :, ::-1, ::-1]) / 2}
