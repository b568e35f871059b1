"""What a kernel sees of an image at every place, and the way back: each is the transpose of the other.

Neither scatters: what lies between the places of a stride is filled with zeros, and the rest are slices.
"""

from typing import Any

from refdgm.namespace import Array, namespace

Pair = tuple[int, int]  # of rows, of columns


def windows(x: Array, kernel: Pair, stride: int) -> Array:
    """x_{d, s p + i − ⌊(I − 1)/2⌋, s q + j − ⌊(J − 1)/2⌋}, zero outside x: row d i j, column p q.

    Of x (B, D, U, V) and a kernel of I rows and J columns, as (B, D I J, P Q): P is U/s rounded up, and Q is V/s.
    """
    (rows, columns), (many, channels, *image) = kernel, x.shape
    down, across = (-(-size // stride) for size in image)
    before = ((rows - 1) // 2, (columns - 1) // 2)
    framed = _framed(x, before, (rows - 1 - before[0], columns - 1 - before[1]))
    seen = [framed[:, :, _steps(i, down, stride), _steps(j, across, stride)]
            for i in range(rows) for j in range(columns)]
    return namespace(x).reshape(namespace(x).stack(seen, axis=2),
                                (many, channels * rows * columns, down * across))


def overlapped(seen: Array, kernel: Pair, stride: int, image: Pair) -> Array:
    """Σ seen_{d i j, p q} over all i, j, p, q with s p + i − ⌊(I − 1)/2⌋ = u, s q + j − ⌊(J − 1)/2⌋ = v.

    Of windows (B, D I J, P Q) back on the image (B, D, U, V), with P and Q as `windows` has them.
    """
    xp, (rows, columns) = namespace(seen), kernel
    down, across = (-(-size // stride) for size in image)
    each = xp.reshape(seen, (seen.shape[0], seen.shape[1] // (rows * columns), rows, columns, down, across))
    before = ((rows - 1) // 2, (columns - 1) // 2)
    steps = [max(min(stride, size), 1) for size in image]  # of one place nothing lies between
    total = 0
    for i in range(rows):
        for j in range(columns):
            part = _apart(_apart(each[:, :, i, j, :, :], 2, steps[0]), 3, steps[1])
            total = total + _moved(_moved(part, 2, i - before[0], image[0]), 3, j - before[1], image[1])
    return total


def _steps(first: int, many: int, stride: int) -> slice:
    """So many from the first on, and nothing beyond the last."""
    return slice(first, first + max(stride * (many - 1) + 1, 0), stride)


def _framed(x: Array, before: Pair, after: Pair) -> Array:
    """With so many rows and columns of zeros around the image."""
    for axis, (low, high) in enumerate(zip(before, after, strict=True), 2):
        x = namespace(x).concat([_zeros(x, axis, low), x, _zeros(x, axis, high)], axis=axis)
    return x


def _apart(x: Array, axis: int, stride: int) -> Array:
    """Every row along the axis followed by stride − 1 rows of zeros."""
    xp, (head, tail) = namespace(x), (x.shape[: axis + 1], x.shape[axis + 1 :])
    rows = xp.reshape(x, (*head, 1, *tail))
    filled = xp.concat([rows, _zeros(rows, axis + 1, stride - 1)], axis=axis + 1)
    return xp.reshape(filled, (*head[:-1], head[-1] * stride, *tail))


def _moved(x: Array, axis: int, by: int, size: int) -> Array:
    """Every row so many further on, zeros where there is none, and `size` rows of it."""
    first, last = max(-by, 0), max(min(x.shape[axis], size - by), 0)
    kept = x[(*(slice(None) for _ in range(axis)), slice(min(first, last), last), ...)]
    low = min(max(by, 0), size)
    parts = [_zeros(x, axis, low), kept, _zeros(x, axis, size - low - kept.shape[axis])]
    return namespace(x).concat(parts, axis=axis)


def _zeros(x: Array, axis: int, many: int) -> Any:
    """So many along this axis, and along the others as x has."""
    return namespace(x).zeros((*x.shape[:axis], many, *x.shape[axis + 1 :]), dtype=x.dtype, device=x.device)
