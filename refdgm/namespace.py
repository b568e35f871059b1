"""The array namespace of an argument: NumPy, CuPy, torch, array-api-strict, or the balls of the certification."""

from collections.abc import Callable
from typing import Any

import array_api_compat

Array = Any
Pullback = Callable[..., dict[str, Any]]  # cotangents of the outputs in, those of the arguments out, by name
Result = tuple[Array, Pullback]  # what the body of a reference returns: its value and how it is pulled back
Results = tuple[tuple[Array, ...], Pullback]  # of several outputs

_REMEMBERED: dict[type, Any] = {}


def namespace(x: Array) -> Any:
    """The array-API namespace of `x`, remembered by type (finding it anew costs ten times the look-up)."""
    kind = type(x)
    found = _REMEMBERED.get(kind)
    if found is None:
        known = array_api_compat.is_array_api_obj(x)
        found = array_api_compat.array_namespace(x) if known else x.__array_namespace__()
        _REMEMBERED[kind] = found
    return found


def device(x: Array) -> Any:
    """Where `x` lives."""
    return array_api_compat.device(x) if array_api_compat.is_array_api_obj(x) else x.device
