"""What cases of determinants share: changes of drawn matrices, and what their flags mean."""

from collections.abc import Callable
from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays

NOTES = {
    "triangular": "zeros above or below the diagonal: its product is the determinant, and half of the inverse is zero",
    "symmetric": "M = Mᵀ: no transpose shows, and what reads one triangle alone is right",
    "permuted": "a zero on the diagonal: without an exchange nothing can be divided",
    "badly_scaled": "rows or columns of very different size: each must be right in its own digits",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SQUARE = {"B": 3, "D": 3}


def matrix(change: Callable[[Any], Any]) -> Callable[[Arrays], Arrays]:
    """Every matrix changed, and what float32 has of it."""
    return lambda arrays: {
        "input.matrix": np.asarray(change(arrays["input.matrix"]), np.float32).astype(np.float64)}


def towards(by: float) -> Callable[[Arrays], Arrays]:
    """Every last row almost the sum of the others."""
    total = lambda m: np.sum(m[:, :-1], axis=1, keepdims=True)
    return matrix(lambda m: np.concatenate([m[:, :-1], total(m) + by * m[:, -1:]], axis=1))


def steps(m: Any, by: float) -> Any:
    return by ** np.arange(m.shape[1])


SIGNED = matrix(lambda m: np.concatenate([-np.sign(np.linalg.det(m))[:, None, None] * m[:, :1], m[:, 1:]], axis=1))
SYMMETRIC = matrix(lambda m: m + np.swapaxes(m, 1, 2))
FIVE, SEVEN, TWO, ONE = {"B": 3, "D": 5}, {"B": 2, "D": 7}, {"B": 7, "D": 2}, {"B": 5, "D": 1}
