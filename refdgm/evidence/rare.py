"""Changes of a drawn case that make it rare: what `RARE` beside the cases of a concept is made of."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from refdgm.cases import Case

Change = Callable[[np.ndarray], np.ndarray]


def changed(case: Case, **by: Change) -> Case:
    """The case with the arrays of these names changed; `theta` means all its entries."""
    arrays = {
        role: next((f(x) for name, f in by.items() if f"{role}.".startswith(f"input.{name}.")), x)
        for role, x in case.arrays.items()
    }
    return replace(case, arrays=arrays)


def times(factor: float) -> Change:
    return lambda x: np.asarray(x * factor)


def all_equal(value: float) -> Change:
    return lambda x: np.full_like(x, value)


def element(value: float, *index: int) -> Change:
    """One element, in every example."""

    def change(x: np.ndarray) -> np.ndarray:
        x = x.copy()
        where: Any = (..., *index)
        x[where] = value
        return x

    return change


def lengthened(x: np.ndarray) -> np.ndarray:
    """No signs: probes of different lengths."""
    return x * np.linspace(0.5, 1.75, x.size).reshape(x.shape)
