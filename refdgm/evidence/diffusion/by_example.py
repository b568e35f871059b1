"""The forward process by angles, and sums over the components of each example."""

from typing import Any

import numpy as np


def size(x: Any) -> int:
    return int(np.prod(x.shape[1:]))


def every(number: Any, x: Any) -> Any:
    return number.reshape(-1, *[1] * (x.ndim - 1))


def per_example(x: Any) -> Any:
    return x.reshape(len(x), -1).sum(axis=1)


def turned(names: tuple[str, str], signs: tuple[int, int], x: Any, y: Any, alpha_prod: Any) -> Any:
    """± cos φ x ± sin φ y with φ = arccos √ᾱ, so that dφ/dᾱ = −1 / (2 sin φ cos φ)."""
    angle = np.arccos(np.sqrt(alpha_prod))
    cos, sin = signs[0] * np.cos(angle), signs[1] * np.sin(angle)
    slope = -1 / np.sin(2 * angle)

    def pullback(bar: Any) -> Any:
        turning = every(-signs[0] * np.sin(angle), x) * x + every(signs[1] * np.cos(angle), y) * y
        return {names[0]: every(cos, x) * bar, names[1]: every(sin, y) * bar,
                "alpha_prod": slope * per_example(bar * turning)}

    return every(cos, x) * x + every(sin, y) * y, pullback


def along(c: Any, x: Any) -> Any:
    return c.reshape(c.shape + (1,) * (x.ndim - 1))
