"""Tables, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.layers.embedding import embedding


@rewrite(embedding)
def added_in_place(index: Any, weight: Any) -> Any:
    """Fancy indexing, and `add.at` on the way back."""

    def pullback(bar: Any) -> dict[str, Any]:
        total = np.zeros_like(weight)
        np.add.at(total, index, bar)
        return {"weight": total}

    return weight[index], pullback


@rewrite(embedding)
def sorted_into_segments(index: Any, weight: Any) -> Any:
    """Places in the order of their indices, and a sum for every run, as kernels on graphics processors have it."""
    flat = index.reshape(-1)
    order = np.argsort(flat, kind="stable")
    named, starts = np.unique(flat[order], return_index=True)

    def pullback(bar: Any) -> dict[str, Any]:
        total = np.zeros_like(weight)
        if len(starts):
            total[named] = np.add.reduceat(bar.reshape(-1, weight.shape[1])[order], starts, axis=0)
        return {"weight": total}

    return np.stack([weight[k] for k in flat]).reshape(*index.shape, -1) if len(flat) else weight[index], pullback
