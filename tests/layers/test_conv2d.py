"""What kernels see of images."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.layers.conv2d import conv2d

from ..kit import verify
from ..refusal import refused

TestConv2d = verify(conv2d)


def whole(rng, *shape):
    """Small whole numbers, of which all sums are exact."""
    return rng.integers(-9, 9, size=shape).astype(np.float64)


class TestLaws:
    def test_by_hand(self):
        """1 × 2 pixels 3, 5 under a kernel of 2 × 3, every place and every second one. Kills: kernels turned around or
        transposed, zeros on the other side, edges for zeros, a bias of every pixel, a gradient by the same kernel."""
        x, w = np.array([[[[3.0, 5.0]]]]), np.array([[[[1.0, 10.0, 100.0], [7.0, 8.0, 9.0]]]])
        y, pullback = conv2d.vjp(x, w, np.array([0.5]), stride=1)
        np.testing.assert_array_equal(y, [[[[530.5, 53.5]]]])  # the second row sees zeros alone
        grads = pullback(np.array([[[[2.0, 3.0]]]]))
        np.testing.assert_array_equal(grads["x"], [[[[23, 230]]]])
        np.testing.assert_array_equal(grads["weight"], [[[[9, 21, 10], [0, 0, 0]]]])
        np.testing.assert_array_equal(grads["bias"], [5])
        y, pullback = conv2d.vjp(x, w, np.array([0.5]), stride=2)
        np.testing.assert_array_equal(y, [[[[530.5]]]])
        np.testing.assert_array_equal(pullback(np.array([[[[2.0]]]]))["x"], [[[[20, 200]]]])

    @pytest.mark.parametrize(("kernel", "middle"), [((3, 5), (1, 2)), ((4, 2), (1, 0)), ((1, 1), (0, 0))])
    def test_a_kernel_of_one_pixel_in_its_middle_is_the_identity(self, kernel, middle, rng):
        """⌊(I − 1)/2⌋ is the middle, and every s-th row and column is what a stride keeps. Kills: any other place of
        the zeros, places that begin elsewhere or are not apart, another rounding of ⌈U/s⌉."""
        x, b = whole(rng, 2, 3, 7, 6), whole(rng, 3)
        w = np.zeros((3, 3, *kernel))
        w[np.arange(3), np.arange(3), middle[0], middle[1]] = 1.0
        for stride in (1, 2, 3):
            y, pullback = conv2d.vjp(x, w, b, stride=stride)
            np.testing.assert_array_equal(y, x[:, :, ::stride, ::stride] + b[:, None, None])
            bar, back = whole(rng, *y.shape), np.zeros_like(x)
            back[:, :, ::stride, ::stride] = bar
            np.testing.assert_array_equal(pullback(bar)["x"], back)

    @pytest.mark.parametrize("kernel", [(3, 3), (4, 2)])
    def test_a_moved_image_gives_a_moved_result(self, kernel, rng):
        """Away from the border, as the weights learn the same. Kills: weights that depend on the place, edges or the
        other end for zeros, gradients of the wrong rows."""
        x, w, b = np.zeros((1, 2, 11, 12)), whole(rng, 3, 2, *kernel), whole(rng, 3)
        x[:, :, 4:6, 4:7] = whole(rng, 1, 2, 2, 3)
        bar = np.zeros((1, 3, 11, 12))
        bar[:, :, 3:7, 3:8] = whole(rng, 1, 3, 4, 5)
        move = lambda of, at: np.roll(of, at, axis=(2, 3))
        y, pullback = conv2d.vjp(x, w, b, stride=1)
        for at in ((1, 0), (0, -2), (2, 1)):
            moved, back = conv2d.vjp(move(x, at), w, b, stride=1)
            np.testing.assert_array_equal(moved, move(y, at))
            here, there = pullback(bar), back(move(bar, at))
            np.testing.assert_array_equal(there["x"], move(here["x"], at))
            np.testing.assert_array_equal(there["weight"], here["weight"])

    @pytest.mark.parametrize("stride", [2, 3, 8])
    def test_a_stride_takes_every_so_many_places(self, stride, rng):
        """Its gradients are those of all places with a cotangent of zero elsewhere. Kills: a stride that is forgotten
        in the value or a gradient, places that begin at another row, pixels repeated for zeros in between."""
        x, w, b = whole(rng, 2, 3, 7, 5), whole(rng, 4, 3, 3, 4), whole(rng, 4)
        every, back = conv2d.vjp(x, w, b, stride=1)
        y, pullback = conv2d.vjp(x, w, b, stride=stride)
        np.testing.assert_array_equal(y, every[:, :, ::stride, ::stride])
        bar, spread = whole(rng, *y.shape), np.zeros_like(every)
        spread[:, :, ::stride, ::stride] = bar
        here, there = pullback(bar), back(spread)
        for name, grad in here.items():
            np.testing.assert_array_equal(grad, there[name])

    def test_one_pixel_is_a_product_of_matrices(self, rng):
        """A 1 × 1 after a 3 × 3 is one 3 × 3 of products of the kernels, with b of both. Kills: in and out exchanged,
        channels in another order, a bias added elsewhere."""
        x, w, b = whole(rng, 2, 3, 5, 4), whole(rng, 4, 3, 3, 3), whole(rng, 4)
        v, c = whole(rng, 2, 4, 1, 1), whole(rng, 2)
        both = conv2d(conv2d(x, w, b, stride=1), v, c, stride=1)
        np.testing.assert_array_equal(both, conv2d(x, np.einsum("fe,edij->fdij", v[:, :, 0, 0], w),
                                                   v[:, :, 0, 0] @ b + c, stride=1))
        np.testing.assert_array_equal(conv2d(x, v[:, :3], c, stride=1),
                                      np.einsum("fd,bduv->bfuv", v[:, :3, 0, 0], x) + c[:, None, None])

    @pytest.mark.parametrize(("sizes", "stride"), [((7, 5, 3, 3), 1), ((6, 8, 3, 3), 2), ((6, 8, 4, 2), 2),
                                                   ((2, 3, 7, 4), 1), ((5, 4, 2, 1), 3)])
    def test_gradients_are_the_transpose(self, sizes, stride, rng):
        """⟨y_bar, y − b⟩ is ⟨x_bar, x⟩ and ⟨w_bar, w⟩, exactly, and b_bar a sum; the value is that of the sums over all
        pixels of the image. Kills: every gradient that is another linear map, a sum of one example, a mean."""
        u, v, i, j = sizes
        x, w, b = whole(rng, 2, 3, u, v), whole(rng, 4, 3, i, j), whole(rng, 4)
        y, pullback = conv2d.vjp(x, w, b, stride=stride)
        want = np.zeros_like(y) + b[:, None, None]
        for (p, q), (k, n) in ((at, of) for at in np.ndindex(y.shape[2:]) for of in np.ndindex(u, v)):
            row, column = k - stride * p + (i - 1) // 2, n - stride * q + (j - 1) // 2
            if 0 <= row < i and 0 <= column < j:
                want[:, :, p, q] += x[:, :, k, n] @ w[:, :, row, column].T
        np.testing.assert_array_equal(y, want)
        bar = whole(rng, *y.shape)
        grads = pullback(bar)
        paired = np.sum(bar * (y - b[:, None, None]))
        assert np.sum(grads["x"] * x) == np.sum(grads["weight"] * w) == paired
        other = whole(rng, *x.shape)
        assert np.sum(grads["x"] * other) == np.sum(bar * conv2d(other, w, 0 * b, stride=stride))
        other = whole(rng, *w.shape)
        assert np.sum(grads["weight"] * other) == np.sum(bar * conv2d(x, other, 0 * b, stride=stride))
        np.testing.assert_array_equal(grads["bias"], np.sum(bar, axis=(0, 2, 3)))


class TestArguments:
    @pytest.mark.parametrize("kernel", [(0, 3), (3, 0)])
    def test_a_kernel_has_pixels(self, kernel):
        said = refused(conv2d, ArgumentError, f"conv2d needs {'IJ'[kernel[0] == 3]} of at least 1, got ",
                       np.ones((1, 2, 3, 3)), np.ones((1, 2, *kernel)), np.ones(1), stride=1)
        assert said.endswith("a kernel without pixels gives the bias alone; leave such a layer out")

    @pytest.mark.parametrize("stride", [0, -1, 2.0, True, (1, 1)])
    def test_a_stride_is_one_whole_number(self, stride):
        refused(conv2d, ArgumentError, "stride must be a whole number of at least 1, got ", np.ones((1, 1, 3, 3)),
                np.ones((1, 1, 3, 3)), np.ones(1), stride=stride)

    def test_kernels_of_other_channels_are_refused(self):
        refused(conv2d, ArgumentError, "weight must have shape (E, D, I, J) with D = 2, got (2, 3, 3, 3)",
                np.ones((1, 2, 5, 5)), np.ones((2, 3, 3, 3)), np.ones(2), stride=1)

    def test_windows_beyond_all_memory_are_refused(self):
        """Of an image and kernels that are small enough by themselves."""
        image, kernel = np.broadcast_to(0.5, (1, 1, 2000, 2000)), np.broadcast_to(0.5, (1, 1, 500, 500))
        said = f"conv2d would allocate {8 * 10**12} bytes for its (B, D, I, J, P, Q) work array"
        refused(conv2d, ArgumentError, said, image, kernel, np.zeros(1), stride=1)
