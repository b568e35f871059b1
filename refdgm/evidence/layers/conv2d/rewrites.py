"""Convolutions, written otherwise."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from refdgm.evidence.declare import rewrite
from refdgm.layers.conv2d import conv2d


@rewrite(conv2d)
def windows_that_slide(x: Any, weight: Any, bias: Any, *, stride: int) -> Any:
    """Views of windows on a framed image, and back by adding up in place, of one offset after the other."""
    frame = [(0, 0), (0, 0), *(((size - 1) // 2, size - 1 - (size - 1) // 2) for size in weight.shape[2:])]
    framed = np.pad(x, frame)
    seen = sliding_window_view(framed, weight.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]  # b d p q i j

    def pullback(bar: Any) -> dict[str, Any]:
        heard = np.tensordot(bar, weight, axes=(1, 0))  # b p q d i j
        back = np.zeros_like(framed)
        for i, j in np.ndindex(weight.shape[2:]):
            rows, columns = slice(i, i + stride * bar.shape[2], stride), slice(j, j + stride * bar.shape[3], stride)
            back[:, :, rows, columns] += np.moveaxis(heard[..., i, j], 3, 1)
        high, wide = frame[2][0], frame[3][0]
        return {"x": back[:, :, high : high + x.shape[2], wide : wide + x.shape[3]],
                "weight": np.tensordot(bar, seen, axes=((0, 2, 3), (0, 2, 3))), "bias": bar.sum((0, 2, 3))}

    return np.einsum("bdpqij,edij->bepq", seen, weight) + bias[:, None, None], pullback
