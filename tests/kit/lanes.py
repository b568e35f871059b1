"""Lanes: the same bodies on other array libraries. A lane says how an array gets there and back.

No GPU is needed to find most of what breaks on one: array-api-strict refuses what the standard does not
have, its fake device what forgets `device=`, torch's `meta` what reads an element.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import array_api_strict
import numpy as np
import pytest


@dataclass(frozen=True)
class Lane:
    """`there` and `back` move one array; `same` tells whether an answer is an array of the lane."""

    name: str
    there: Callable[[np.ndarray], Any]
    back: Callable[[Any], np.ndarray]
    same: Callable[[Any], bool]
    context: Callable[[], AbstractContextManager] = nullcontext


def read_only(x):
    x = np.array(x)
    x.flags.writeable = False
    return x


def strict_flags():
    """Nothing whose shape depends on data, and no mask as an index."""
    return array_api_strict.ArrayAPIStrictFlags(boolean_indexing=False, data_dependent_shapes=False)


def strict(name, device_name):
    device = array_api_strict.Device(device_name)
    host = array_api_strict.Device("CPU_DEVICE")
    return Lane(
        name,
        lambda x: array_api_strict.asarray(x, device=device),
        lambda x: np.asarray(x.to_device(host)),
        lambda x: isinstance(x, type(array_api_strict.asarray(0.0))) and x.device == device,
        strict_flags,
    )


def torch_lane(device):
    import torch

    return Lane(
        f"torch {device}",
        lambda x: torch.asarray(x.copy(), device=device),  # a copy: torch warns of what is read-only
        lambda x: x.detach().cpu().numpy(),
        lambda x: isinstance(x, torch.Tensor) and x.device.type == device,
    )


def cupy_lane():
    cupy = pytest.importorskip("cupy", reason="cupy is not installed")
    if not cupy.is_available():
        pytest.skip("cupy finds no CUDA device")
    return Lane("cupy", cupy.asarray, cupy.asnumpy, lambda x: isinstance(x, cupy.ndarray))


LANES = {
    "numpy": lambda: Lane("numpy", lambda x: x, np.asarray, lambda x: isinstance(x, np.ndarray | np.generic)),
    "read-only": lambda: Lane("read-only", read_only, np.asarray, lambda x: isinstance(x, np.ndarray | np.generic)),
    "strict": lambda: strict("strict", "CPU_DEVICE"),
    "strict on device1": lambda: strict("strict on device1", "device1"),
    "torch": lambda: torch_lane("cpu"),
}
NEEDED = {"torch": ("torch",)}  # to be installed
