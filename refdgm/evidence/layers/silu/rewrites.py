"""Numbers times a chance of their own, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.layers.silu import gelu_tanh, silu


@rewrite(silu)
def by_the_output(x: Any) -> Any:
    """The slope as y + σ (1 − y), of the saved output."""
    chance = np.exp(-np.logaddexp(0.0, -x))
    y = x * chance
    return y, lambda bar: {"x": bar * (y + chance * (1 - y))}


@rewrite(gelu_tanh)
def by_its_tanh(x: Any) -> Any:
    """½ x (1 + tanh), as the paper has it, with the derivative of each factor."""
    inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x * x * x)
    t = np.tanh(inner)
    slope = (1 + t) / 2 + x / 2 * (1 - t * t) * np.sqrt(2 / np.pi) * (1 + 0.134145 * x * x)
    return x / 2 * (1 + t), lambda bar: {"x": bar * slope}
