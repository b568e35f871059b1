"""The logarithm of an absolute determinant, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.flow.log_abs_det import log_abs_det


@rewrite(log_abs_det)
def by_elimination(matrix: Any) -> Any:
    """LAPACK's factors with pivots, and its inverse."""
    return np.linalg.slogdet(matrix)[1], lambda bar: {
        "matrix": bar[:, None, None] * np.swapaxes(np.linalg.inv(matrix), 1, 2)}


@rewrite(log_abs_det)
def by_solving(matrix: Any) -> Any:
    """The transpose is solved for, of the columns of the identity."""
    def pullback(bar: Any) -> dict[str, Any]:
        one = np.broadcast_to(np.eye(matrix.shape[1]), matrix.shape)
        return {"matrix": np.linalg.solve(np.swapaxes(matrix, 1, 2), bar[:, None, None] * one)}

    return np.linalg.slogdet(np.swapaxes(matrix, 1, 2))[1], pullback


@rewrite(log_abs_det)
def by_reflections(matrix: Any) -> Any:
    """Householder's reflections: M = Q R, and M^{−T} = Q R^{−T}."""
    q, r = np.linalg.qr(matrix)

    def pullback(bar: Any) -> dict[str, Any]:
        back = np.linalg.solve(r, np.swapaxes(q, 1, 2))
        return {"matrix": bar[:, None, None] * np.swapaxes(back, 1, 2)}

    return np.sum(np.log(np.abs(np.diagonal(r, axis1=1, axis2=2))), axis=1), pullback
