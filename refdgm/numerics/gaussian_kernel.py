"""A kernel of the distance of points, and its slopes."""

from refdgm.namespace import Array, namespace


def gaussian_kernel(a: Array, b: Array, h: Array) -> tuple[Array, Array, Array]:
    """e^{−s}, e^{−s} − 1 and (a_i − b_j)/h, with s = ‖(a_i − b_j)/h‖²/2.

    Of rows: (B, M), (B, M) and (B, M, D). A component beyond what could be squared is that, where e^{−s} is zero: a
    product of both is no NaN.
    """
    xp = namespace(a)
    largest = float(xp.finfo(a.dtype).max) ** 0.25 * xp.ones_like(h)
    t = (a[:, None, :] - b[None, :, :]) / h
    t = xp.maximum(xp.minimum(t, largest), -largest)
    minus = -xp.sum(t * t, axis=-1) / 2
    return xp.exp(minus), xp.expm1(minus), t
