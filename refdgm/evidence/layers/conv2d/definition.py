"""Sums over the kernel, pixel by pixel, of what is in the image.

Authors frame the image with zeros and take slices of it.
"""


def seen(size, kernel, stride, place):
    """What of the kernel meets the image at a place, and what it meets, along one axis."""
    first = stride * place - (kernel - 1) // 2
    low, high = max(0, -first), min(kernel, size - first)
    return slice(low, high), slice(first + low, first + high)


def paired(xp, x, weight):
    """The sum of products over all axes but the first: of every example, for every channel that comes out."""
    flat = xp.reshape(weight, (weight.shape[0], -1))
    return xp.reshape(x, (x.shape[0], -1)) @ xp.swapaxes(flat, 0, 1)


def conv2d(xp, x, weight, bias, stride):
    def at(p, q):
        i, u = seen(x.shape[2], weight.shape[2], stride, p)
        j, v = seen(x.shape[3], weight.shape[3], stride, q)
        return paired(xp, x[:, :, u, v], weight[:, :, i, j]) + bias

    rows, columns = -(-x.shape[2] // stride), -(-x.shape[3] // stride)
    return image([[at(p, q) for q in range(columns)] for p in range(rows)], xp)


def image(pixels, xp):
    """Of rows of pixels, each an array of examples and channels."""
    return xp.stack([xp.stack(row, axis=2) for row in pixels], axis=2)


def framed(xp, x, above, below, before, behind):
    """The image with so many rows and columns of zeros around it."""
    column = 0 * x[:, :, :, :1]
    x = xp.concatenate([column] * before + [x] + [column] * behind, axis=3)
    row = 0 * x[:, :, :1]
    return xp.concatenate([row] * above + [x] + [row] * below, axis=2)


def around(xp, x, kernel):
    """With the zeros that a kernel of this size sees."""
    (rows, columns), (above, before) = kernel, ((size - 1) // 2 for size in kernel)
    return framed(xp, x, above, rows - 1 - above, before, columns - 1 - before)


def conv2d__usual(xp, x, weight, bias, stride):
    """A sum over the kernel of slices, each a product of matrices."""
    rows, columns = -(-x.shape[2] // stride), -(-x.shape[3] // stride)
    whole, total = around(xp, x, weight.shape[2:]), 0
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            part = whole[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            total = total + xp.swapaxes(xp.swapaxes(part, 1, 3) @ xp.swapaxes(weight[:, :, i, j], 0, 1), 1, 3)
    return total + bias[:, None, None]


def conv2d__columns(xp, x, weight, bias, stride):
    """One product of matrices, of columns of what is seen; the bias is a weight of ones."""
    rows, columns = -(-x.shape[2] // stride), -(-x.shape[3] // stride)
    whole = around(xp, x, weight.shape[2:])
    parts = [whole[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
             for i in range(weight.shape[2]) for j in range(weight.shape[3])]
    seen = xp.reshape(xp.stack(parts, axis=2), (x.shape[0], -1, rows * columns))
    seen = xp.concatenate([seen, 0 * seen[:, :1] + 1], axis=1)
    flat = xp.concatenate([xp.reshape(weight, (weight.shape[0], -1)), bias[:, None]], axis=1)
    return xp.reshape(flat @ seen, (x.shape[0], weight.shape[0], rows, columns))
