"""Sums over the kernels that lie on a pixel, pixel by pixel.

Authors put zeros between the pixels and look at those with kernels turned by half, or lay kernels down on a larger
image and cut it.
"""

from refdgm.evidence.layers.conv2d.definition import framed, image, paired


def laid(size, kernel, stride, place):
    """What of the kernels lies at a place, from the last pixel that lays one there to the first, and these pixels from
    the first on, along one axis."""
    last = place + (kernel - 1) // 2
    first, ends = max(0, -((kernel - 1 - last) // stride)), min(size, last // stride + 1)
    return slice(last - stride * (ends - 1), last - stride * first + 1, stride), slice(first, ends)


def conv_transpose2d(xp, x, weight, bias, stride):
    def at(p, q):
        i, u = laid(x.shape[2], weight.shape[2], stride, p)
        j, v = laid(x.shape[3], weight.shape[3], stride, q)
        kernels = xp.swapaxes(weight[:, :, i, j][:, :, ::-1, ::-1], 0, 1)
        return paired(xp, x[:, :, u, v], kernels) + bias

    rows, columns = x.shape[2] * stride, x.shape[3] * stride
    return image([[at(p, q) for q in range(columns)] for p in range(rows)], xp)


def spread(xp, x, stride):
    """Zeros between the pixels, and behind the last."""
    many, channels, rows, columns = x.shape
    x = xp.stack([x] + [0 * x] * (stride - 1), axis=4)
    x = xp.reshape(x, (many, channels, rows, columns * stride))
    x = xp.stack([x] + [0 * x] * (stride - 1), axis=3)
    return xp.reshape(x, (many, channels, rows * stride, columns * stride))


def conv_transpose2d__usual(xp, x, weight, bias, stride):
    """A convolution of the image with zeros between its pixels, by the kernels turned by half."""
    rows, columns = weight.shape[2:]
    below, behind = (rows - 1) // 2, (columns - 1) // 2
    whole, total = framed(xp, spread(xp, x, stride), rows - 1 - below, below, columns - 1 - behind, behind), 0
    high, wide = x.shape[2] * stride, x.shape[3] * stride
    for i in range(rows):
        for j in range(columns):
            part = whole[:, :, rows - 1 - i : rows - 1 - i + high, columns - 1 - j : columns - 1 - j + wide]
            total = total + xp.swapaxes(xp.swapaxes(part, 1, 3) @ weight[:, :, i, j], 1, 3)
    return total + bias[:, None, None]


def conv_transpose2d__laid(xp, x, weight, bias, stride):
    """Every pixel lays its kernels down on a larger image, of which the middle is kept."""
    many, channels, high, wide = x.shape
    _, out, rows, columns = weight.shape
    flat = xp.swapaxes(xp.reshape(x, (many, channels, high * wide)), 1, 2) @ xp.reshape(weight, (channels, -1))
    each = xp.reshape(flat, (many, high, wide, out, rows, columns))
    total, above, before = 0, (rows - 1) // 2, (columns - 1) // 2
    for i in range(rows):
        for j in range(columns):
            part = spread(xp, xp.swapaxes(xp.swapaxes(each[:, :, :, :, i, j], 2, 3), 1, 2), stride)
            total = total + framed(xp, part, i, rows - 1 - i, j, columns - 1 - j)
    return total[:, :, above : above + high * stride, before : before + wide * stride] + bias[:, None, None]
