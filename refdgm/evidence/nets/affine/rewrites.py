"""The affine layer, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.nets.affine import affine


@rewrite(affine)
def with_a_column_of_ones(x: Any, W: Any, b: Any) -> Any:
    """[W b] [x 1]ᵀ in one product, features first."""
    full = np.concatenate([W, b[:, None]], axis=1)
    inner = np.concatenate([x, np.ones((len(x), 1))], axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        both = np.einsum("be,bd->ed", bar, inner)
        return {"x": (bar @ full)[:, :-1], "W": both[:, :-1], "b": both[:, -1]}

    return np.einsum("ed,bd->be", full, inner), pullback


@rewrite(affine)
def weights_in_out(x: Any, W: Any, b: Any) -> Any:
    """Weights kept as (in, out) and the gradient turned back; outer products of single examples are added up."""
    kernel = np.ascontiguousarray(W.T)

    def pullback(bar: Any) -> dict[str, Any]:
        kernel_bar: Any = sum(np.outer(row, out) for row, out in zip(x, bar, strict=True))
        return {"x": bar @ kernel.T, "W": kernel_bar.T, "b": sum(bar)}

    return b + x @ kernel, pullback
