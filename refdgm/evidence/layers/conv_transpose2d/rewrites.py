"""Transposed convolutions, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.layers.conv_transpose2d import conv_transpose2d


@rewrite(conv_transpose2d)
def laid_down_in_place(x: Any, weight: Any, bias: Any, *, stride: int) -> Any:
    """Every offset of the kernel is added in place to a larger image, of which the middle is cut out."""
    kernel, image = weight.shape[2:], (x.shape[2] * stride, x.shape[3] * stride)
    high, wide = (kernel[0] - 1) // 2, (kernel[1] - 1) // 2
    large = np.zeros((x.shape[0], weight.shape[1], image[0] + kernel[0] - 1, image[1] + kernel[1] - 1), x.dtype)
    spots = [(i, j, slice(i, i + image[0], stride), slice(j, j + image[1], stride)) for i, j in np.ndindex(kernel)]
    for i, j, rows, columns in spots:
        large[:, :, rows, columns] += np.einsum("bduv,de->beuv", x, weight[:, :, i, j])
    value = large[:, :, high : high + image[0], wide : wide + image[1]] + bias[:, None, None]

    def pullback(bar: Any) -> dict[str, Any]:
        framed = np.pad(bar, ((0, 0), (0, 0), (high, kernel[0] - 1 - high), (wide, kernel[1] - 1 - wide)))
        grads = {"x": np.zeros_like(x), "weight": np.zeros_like(weight), "bias": np.sum(bar, axis=(0, 2, 3))}
        for i, j, rows, columns in spots:
            part = framed[:, :, rows, columns]
            grads["x"] += np.einsum("beuv,de->bduv", part, weight[:, :, i, j])
            grads["weight"][:, :, i, j] = np.tensordot(x, part, axes=((0, 2, 3), (0, 2, 3)))
        return grads

    return value, pullback
