"""Where a kernel looks at an image, as tables of zeros and ones: one for each axis, so that every other geometry, right
or wrong, is other tables."""

from collections.abc import Callable
from math import prod
from typing import Any

from refdgm.namespace import Array, namespace

Back = Callable[[Array], Any]
Tables = tuple[Array, Array]


def table(x: Array, size: int, kernel: int, places: int, stride: int = 1, before: int | None = None, apart: int = 1,
          beyond: str = "zeros") -> Array:
    """(kernel, places, size): where the row i of the kernel, at the place p, looks at the row s p + i − before.

    `before` is ⌊(kernel − 1)/2⌋ where none is given; rows of the kernel are `apart`; beyond the image are zeros, the
    "edge", or the image again, "around"."""
    xp = namespace(x)
    i, p, row = xp.arange(kernel), xp.arange(places), xp.arange(size)
    at = stride * p[:, None] + apart * i[:, None, None] - ((kernel - 1) // 2 if before is None else before)
    if beyond == "edge":
        at = xp.maximum(xp.minimum(at, size - 1 + 0 * at), 0 * at)
    at = at % size if beyond == "around" else at
    return xp.astype(at == row, x.dtype)


def same(x: Array, image: tuple[int, ...], kernel: tuple[int, ...], stride: int) -> Tables:
    """The tables of TensorFlow's SAME: as few zeros as the last place needs, of an odd number one more behind."""

    def axis(size: int, length: int) -> Array:
        places = -(-size // stride)
        needed = max(stride * (places - 1) + length - size, 0)
        return table(x, size, length, places, stride, needed // 2)

    return axis(image[0], kernel[0]), axis(image[1], kernel[1])


def seen(x: Array, tables: Tables) -> Array:
    """(B, D, I, J, P, Q), what the kernel sees of (B, D, U, V)."""
    xp, (i, p, u), (j, q, v) = namespace(x), tables[0].shape, tables[1].shape
    both = xp.reshape(tables[0], (i * p, u)) @ x @ xp.matrix_transpose(xp.reshape(tables[1], (j * q, v)))
    return xp.permute_dims(xp.reshape(both, (*x.shape[:2], i, p, j, q)), (0, 1, 2, 4, 3, 5))


def laid(x: Array, tables: Tables) -> Array:
    """Its transpose: (B, D, U, V) of (B, D, I, J, P, Q)."""
    xp, (i, p, u), (j, q, v) = namespace(x), tables[0].shape, tables[1].shape
    both = xp.reshape(xp.permute_dims(x, (0, 1, 2, 4, 3, 5)), (*x.shape[:2], i * p, j * q))
    return xp.matrix_transpose(xp.reshape(tables[0], (i * p, u))) @ both @ xp.reshape(tables[1], (j * q, v))


def flat(x: Array, axes: int, last: int = 0) -> Array:
    """The first axes but so many as they are, the rest as one, and so many last ones as another."""
    ends = len(x.shape) - last
    rest = (prod(x.shape[ends:]),) if last else ()
    return namespace(x).reshape(x, (*x.shape[:axes], prod(x.shape[axes:ends]), *rest))


def summed(weight: Array, windows: Array) -> Array:
    """(B, E, P, Q): of weights (E, D, I, J) and windows (B, D, I, J, P, Q), the sum over what the kernel sees."""
    y = flat(weight, 1) @ flat(windows, 1, 2)
    return namespace(y).reshape(y, (*y.shape[:2], *windows.shape[4:]))


def opened(weight: Array, y: Array) -> Array:
    """(B, D, I, J, P, Q): of weights (E, D, I, J) and what came out (B, E, P, Q), what each of the windows hears."""
    xp = namespace(y)
    return xp.reshape(xp.matrix_transpose(flat(weight, 1)) @ flat(y, 2), (y.shape[0], *weight.shape[1:], *y.shape[2:]))


def learnt(y: Array, windows: Array) -> Array:
    """(E, D, I, J): of what came out and of windows, summed over places and examples."""
    xp = namespace(y)
    of = xp.sum(flat(y, 2) @ xp.matrix_transpose(flat(windows, 1, 2)), axis=0)
    return xp.reshape(of, (y.shape[1], *windows.shape[1:4]))


def convolved(x: Array, weight: Array, bias: Array, tables: Tables) -> Any:
    """A convolution with these tables, rightly differentiated; the weights are (out, in, rows, columns)."""
    xp, windows = namespace(x), seen(x, tables)

    def pullback(bar: Array) -> dict[str, Array]:
        return {"x": laid(opened(weight, bar), tables), "weight": learnt(bar, windows),
                "bias": xp.sum(bar, axis=(0, 2, 3))}

    return summed(weight, windows) + bias[:, None, None], pullback


def transposed(x: Array, weight: Array, bias: Array, tables: Tables) -> Any:
    """The transpose of a convolution with these tables, likewise; the weights are (in, out, rows, columns)."""
    xp = namespace(x)

    def pullback(bar: Array) -> dict[str, Array]:
        windows = seen(bar, tables)
        return {"x": summed(weight, windows), "weight": learnt(x, windows), "bias": xp.sum(bar, axis=(0, 2, 3))}

    return laid(opened(weight, x), tables) + bias[:, None, None], pullback


def replaced(found: Any, **bars: Back) -> Any:
    """The gradients of these arguments are others."""
    value, right = found
    return value, lambda bar: right(bar) | {name: of(bar) for name, of in bars.items()}


def turned(x: Array) -> Array:
    """Kernels turned by half."""
    return x[:, :, ::-1, ::-1]
