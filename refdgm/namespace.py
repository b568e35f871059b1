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
        found = _REMEMBERED[kind] = _found(x)
    return found


def _found(x: Array) -> Any:
    if not array_api_compat.is_array_api_obj(x):
        return x.__array_namespace__()
    if array_api_compat.is_numpy_array(x):  # NumPy 2 is the standard
        return array_api_compat.array_namespace(x, use_compat=False)
    if array_api_compat.is_torch_array(x):
        from refdgm import in_torch  # a statement, for the compiler of torch follows it

        return in_torch
    return array_api_compat.array_namespace(x)


def device(x: Array) -> Any:
    """Where `x` lives."""
    return array_api_compat.device(x) if array_api_compat.is_array_api_obj(x) else x.device
