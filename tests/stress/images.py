"""Kernels on images, and what they see."""

import numpy as np

from refdgm import ArgumentError
from refdgm.numerics.windows import overlapped, windows

from ..refusal import refused
from .rows import kernel, row

SHAPES = (((7, 5), (3, 2), 1), ((7, 5), (3, 3), 2), ((8, 6), (4, 4), 2), ((3, 2), (5, 7), 1), ((5, 4), (1, 2), 3),
          ((1, 1), (1, 1), 4), ((0, 3), (3, 3), 2), ((6, 3), (2, 5), 5))


def places(size, kernel, stride):
    """(what of the kernel, which place, where in the image) of all that is in the image, along one axis."""
    return [(i, p, at) for p in range(-(-size // stride)) for i in range(kernel)
            if 0 <= (at := stride * p + i - (kernel - 1) // 2) < size]


@kernel("x_{d, s p + i − ⌊(I − 1)/2⌋, …}, zero outside, and its transpose: kernels larger than the image and of even "
        "sizes, strides larger than kernels and images, no rows; the ends of the range", windows, overlapped)
def seen_and_laid_down(dtype):
    """Element by element as the sums say, of whole numbers, so that nothing rounds."""
    rng = np.random.default_rng(0)
    for image, size, stride in SHAPES:
        x = rng.integers(-9, 9, size=(2, 3, *image)).astype(dtype)
        want = np.zeros((2, 3, *size, *(-(-size // stride) for size in image)), dtype)
        pairs = [places(*each, stride) for each in zip(image, size, strict=True)]
        for i, p, u in pairs[0]:
            for j, q, v in pairs[1]:
                want[:, :, i, j, p, q] = x[:, :, u, v]
        flat = (2, 3 * size[0] * size[1], want.shape[4] * want.shape[5])
        got = windows(x, size, stride)
        assert got.dtype == dtype
        np.testing.assert_array_equal(got, want.reshape(flat))
        bar = rng.integers(-9, 9, size=want.shape).astype(dtype)
        back = np.zeros_like(x)
        for i, p, u in pairs[0]:
            for j, q, v in pairs[1]:
                back[:, :, u, v] += bar[:, :, i, j, p, q]
        got = overlapped(bar.reshape(flat), size, stride, image)
        assert got.dtype == dtype
        np.testing.assert_array_equal(got, back)
    most = np.finfo(dtype).max
    x = np.full((1, 1, 2, 2), most, dtype)
    assert set(windows(x, (3, 3), 1).ravel()) == {0, most}
    laid = overlapped(np.full((1, 4, 1), most, dtype), (2, 2), 2, (2, 2))  # none meets another
    np.testing.assert_array_equal(laid, x)


@row("images under kernels", "pixels, kernels and cotangents of the ends of the range where no sum leaves it; zeros; a "
     "NaN only where a kernel sees it; a kernel and a stride larger than the image; images without rows",
     ("conv2d", "conv_transpose2d"), "it has no kernel that looks at an image")
def images_under_kernels(ref):
    one, none = np.zeros((1, 1, 3, 3)), np.zeros(1)
    one[0, 0, 1, 1] = 1.0  # the identity
    for size in (1e308, 1e-308, 5e-324, -1e308):
        x = np.full((1, 1, 2, 3), size)
        for stride in (1, 2):
            y, pullback = ref.vjp(x, one, none, stride=stride)
            assert set(y.ravel()) <= {size, 0.0} and y[0, 0, 0, 0] == size
            grads = pullback(np.full_like(y, 2.0**-5))
            assert set(grads["x"].ravel()) <= {2.0**-5, 0.0} and grads["x"][0, 0, 0, 0] == 2.0**-5
            assert grads["bias"] == [2.0**-5 * y.size] and np.isfinite(grads["weight"]).all()
        y, pullback = ref.vjp(np.ones_like(x), one * size, none, stride=1)
        np.testing.assert_array_equal(y, x)
        np.testing.assert_array_equal(pullback(np.ones_like(y))["x"], x)
        alone = np.zeros_like(x)
        alone[0, 0, 0, 1] = size  # one number of the largest size, which no sum exceeds
        grads = ref.vjp(np.ones_like(x), one, none, stride=1)[1](alone)
        np.testing.assert_array_equal(grads["x"], alone)
        assert grads["bias"] == [size] and set(grads["weight"].ravel()) == {size, 0.0}
        np.testing.assert_array_equal(ref(0 * x, one, np.array([size]), stride=1), x)
    for stride in (1, 5):
        y, pullback = ref.vjp(np.zeros((2, 1, 2, 2)), np.zeros((1, 1, 7, 6)), none, stride=stride)
        assert not y.any() and not pullback(np.ones_like(y))["weight"].any()
    x = np.zeros((1, 1, 5, 5))
    x[0, 0, 0, 0] = np.nan
    y, pullback = ref.vjp(x, one, none, stride=1)
    np.testing.assert_array_equal(np.isnan(y), np.pad(np.ones((1, 1, 2, 2), bool), ((0, 0), (0, 0), (0, 3), (0, 3))))
    assert np.isfinite(pullback(np.ones_like(y))["x"]).all()
    for shape in ((2, 1, 0, 4), (2, 1, 4, 0)):
        y, pullback = ref.vjp(np.zeros(shape), one, none, stride=2)
        assert y.size == 0 and pullback(y)["x"].shape == shape and not pullback(y)["weight"].any()
    for name, at in (("x", 0), ("weight", 1), ("bias", 2)):
        given = [np.ones((1, 1, 3, 3)), one.copy(), none.copy()]
        given[at].flat[0] = np.inf
        refused(ref, ArgumentError, f"{name} must be finite, got inf at ", *given, stride=1)
