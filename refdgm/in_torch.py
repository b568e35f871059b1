"""torch as an array namespace: array-api-compat's, with four functions as torch has them itself.

They take a number for an array where we give one. Those that promote dtypes first cost five times as much, and break
the graph of `torch.compile`.
"""

from typing import Any

import torch
from array_api_compat.torch import *  # noqa: F403
from array_api_compat.torch import linalg as linalg
from torch import where as where

Array = Any


def minimum(a: Array, b: Any) -> Array:
    """Of two arrays, or of an array and a number."""
    return torch.minimum(a, b) if isinstance(b, torch.Tensor) else torch.clamp(a, max=b)


def maximum(a: Array, b: Any) -> Array:
    """Of two arrays, or of an array and a number."""
    return torch.maximum(a, b) if isinstance(b, torch.Tensor) else torch.clamp(a, min=b)


def vecdot(a: Array, b: Array, axis: int = -1) -> Array:
    """Σ a b along an axis."""
    return torch.linalg.vecdot(a, b, dim=axis)
