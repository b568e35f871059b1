"""One case asked for: what to draw, what to change by hand, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]

NOTES = {  # what the flags of several families mean
    "primes": "every axis has another prime size: what is transposed does not fit",
    "square": "two axes have the same size: what is transposed fits, and only the numbers tell",
    "single_example": "a batch of one: a mean over the batch is its sum",
    "single_axis": "vectors of one component: a sum over components is void",
    "offset": "inputs far from the origin: what is not formed as a difference loses digits",
    "tiny": "inputs of the order of 1e-5: first-order terms alone",
    "mixed": "magnitudes from 1e-3 to 20 in one array: an error must be looked for element by element",
    "extreme": "inputs of the order of 15: exponentials saturate, unshifted ones lose or overflow",
    "long_axis": "an axis longer than the blocks of a kernel: what is left after the last whole block shows",
    "near": "arrays that nearly agree: differences cancel",
    "later": "added in vectors 1.2.0 for mistakes that were planted afterwards and hide in the cases of 1.1.0",
}


@dataclass(frozen=True)
class Ask:
    """`flags` say why the case exists (each explained in `NOTES`, here or beside the list), `change` edits the drawn
    arrays. `since` is the version of the vectors in which it came to a reference that had cases before."""

    comment: str
    flags: tuple[str, ...] = ("primes",)
    regime: str = "unit"
    sizes: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    change: Callable[[Arrays], Arrays] | None = None
    since: str = ""


def long(*each: Mapping[str, Any], **options: Any) -> list[Ask]:
    """A case of these sizes each: one axis is longer than the blocks of a kernel, all others are short."""
    said = ["; ".join(f"{symbol} = {size}" for symbol, size in sizes.items()) for sizes in each]
    return [Ask(f"a long axis: {what}", ("long_axis",), sizes=sizes, options=options, since="1.4.0")
            for what, sizes in zip(said, each, strict=True)]


def put(**inputs: Any) -> Callable[[Arrays], Arrays]:
    """Replace inputs by these numbers, or by the nearest that float32 has too."""
    return lambda arrays: {f"input.{name}": np.asarray(x, np.float32).astype(np.float64) for name, x in inputs.items()}


def scaled(by: float, *names: str) -> Callable[[Arrays], Arrays]:
    """Multiply inputs by a power of two."""
    return lambda arrays: {f"input.{name}": arrays[f"input.{name}"] * by for name in names}


def moved(by: float, *names: str) -> Callable[[Arrays], Arrays]:
    """Add the same number to inputs, and keep what float32 has of the sums."""
    return lambda arrays: {
        f"input.{name}": (arrays[f"input.{name}"] + by).astype(np.float32).astype(np.float64) for name in names
    }


def thirds(arrays: Arrays) -> Arrays:
    """A third of every number, so that all bits of a float64 are used."""
    return {name: x / 3 for name, x in arrays.items()}


def close_to(name: str, other: str, by: float) -> Callable[[Arrays], Arrays]:
    """Let one input be another one plus `by` (a power of two) times itself."""
    return lambda arrays: {
        f"input.{name}": arrays[f"input.{other}"] + by * np.round(arrays[f"input.{name}"] * 1024) / 1024
    }


def both(*changes: Callable[[Arrays], Arrays]) -> Callable[[Arrays], Arrays]:
    """One change after the other."""

    def change(arrays: Arrays) -> Arrays:
        for each in changes:
            arrays = arrays | each(arrays)
        return arrays

    return change
