"""What is converted: Python numbers to 0-d arrays, half precision to float32 and back, nested names to flat ones."""

from collections.abc import Container, Mapping
from typing import Any

from refdgm.boundary.structure import FLOATS, dtype_name
from refdgm.boundary.values import is_number
from refdgm.namespace import device, namespace


def as_arrays(args: tuple[Any, ...], indices: Container[int] = ()) -> tuple[Any, ...]:
    """Python numbers as 0-d arrays like the first array at none of `indices`; all numbers are NumPy float64."""
    like = next((x for i, x in enumerate(args) if not is_number(x) and i not in indices), None)
    if like is None:
        import numpy

        like = numpy.empty((), numpy.float64)
    like = next(iter(like.values())) if type(like) is dict else like
    return tuple(
        namespace(like).asarray(x, dtype=like.dtype, device=device(like)) if is_number(x) else x for x in args
    )


def cast(x: Any, name: str | None) -> Any:
    """Floating arrays (in dicts and sequences too) to another dtype; indices stay; None: nothing to do."""
    if name is None:
        return x
    if isinstance(x, dict):
        return {n: cast(entry, name) for n, entry in x.items()}
    if isinstance(x, list | tuple):
        return [cast(entry, name) for entry in x]
    if dtype_name(x) not in FLOATS:
        return x
    xp = namespace(x)
    if name == "bfloat16" and not hasattr(xp, name):
        import ml_dtypes

        return x.astype(ml_dtypes.bfloat16)
    return xp.astype(x, getattr(xp, name))


def flatten(nested: Mapping[str, Any]) -> dict[str, Any]:
    """{"theta": {"W1": …}} → {"theta.W1": …}."""
    flat: dict[str, Any] = {}
    for name, x in nested.items():
        flat.update({f"{name}.{entry}": y for entry, y in x.items()} if isinstance(x, dict) else {name: x})
    return flat


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """{"theta.W1": …} → {"theta": {"W1": …}}."""
    nested: dict[str, Any] = {}
    for name, x in flat.items():
        head, _, entry = name.partition(".")
        if entry:
            nested.setdefault(head, {})[entry] = x
        else:
            nested[head] = x
    return nested
