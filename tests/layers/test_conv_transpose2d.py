"""Kernels that pixels lay down."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.layers.conv2d import conv2d
from refdgm.layers.conv_transpose2d import conv_transpose2d

from ..kit import verify
from ..refusal import refused

TestConvTranspose2d = verify(conv_transpose2d)


def whole(rng, *shape):
    """Small whole numbers, of which all sums are exact."""
    return rng.integers(-9, 9, size=shape).astype(np.float64)


class TestLaws:
    def test_by_hand(self):
        """Two pixels 3, 5 lay a kernel 1, 10, 100 down, next to each other and two apart. Kills: kernels turned around,
        what is cut off at the other side, pixels repeated for zeros in between, a bias of every pixel, overwriting."""
        x, w = np.array([[[[3.0, 5.0]]]]), np.array([[[[1.0, 10.0, 100.0]]]])
        y, pullback = conv_transpose2d.vjp(x, w, np.array([0.5]), stride=1)
        np.testing.assert_array_equal(y, [[[[35.5, 350.5]]]])
        grads = pullback(np.array([[[[2.0, 3.0]]]]))
        np.testing.assert_array_equal(grads["x"], [[[[320, 32]]]])
        np.testing.assert_array_equal(grads["weight"], [[[[10, 21, 9]]]])
        np.testing.assert_array_equal(grads["bias"], [5])
        y, pullback = conv_transpose2d.vjp(x, w, np.array([0.5]), stride=2)
        np.testing.assert_array_equal(y, [[[[30.5, 305.5, 50.5, 500.5], [0.5] * 4]]])
        grads = pullback(np.array([[[[1.0, 2.0, 3.0, 4.0], [5.0] * 4]]]))
        np.testing.assert_array_equal(grads["x"], [[[[210, 432]]]])
        np.testing.assert_array_equal(grads["bias"], [30])

    @pytest.mark.parametrize(("kernel", "middle"), [((3, 5), (1, 2)), ((4, 2), (1, 0)), ((1, 1), (0, 0))])
    def test_a_kernel_of_one_pixel_in_its_middle_leaves_zeros_between(self, kernel, middle, rng):
        """And b everywhere. Kills: any other place, pixels repeated, strides forgotten."""
        x, b = whole(rng, 2, 3, 4, 5), whole(rng, 3)
        w = np.zeros((3, 3, *kernel))
        w[np.arange(3), np.arange(3), middle[0], middle[1]] = 1.0
        for stride in (1, 2, 3):
            y, pullback = conv_transpose2d.vjp(x, w, b, stride=stride)
            want = np.zeros((2, 3, 4 * stride, 5 * stride))
            want[:, :, ::stride, ::stride] = x
            np.testing.assert_array_equal(y, want + b[:, None, None])
            bar = whole(rng, *y.shape)
            np.testing.assert_array_equal(pullback(bar)["x"], bar[:, :, ::stride, ::stride])

    @pytest.mark.parametrize(("sizes", "stride"), [((4, 5, 3, 3), 1), ((3, 4, 3, 3), 2), ((3, 4, 4, 2), 2),
                                                   ((2, 1, 7, 4), 1), ((3, 2, 2, 1), 3)])
    def test_it_is_the_transpose_of_a_convolution(self, sizes, stride, rng):
        """⟨y − b, z⟩ is ⟨x, conv2d(z)⟩ for every image z, with the same kernels, and its x_bar is that convolution.
        Its own sums: every pixel adds its kernels where they stand. Kills: every other place, in and out exchanged,
        kernels turned, gradients with or without the stride, sums of one example, means."""
        u, v, i, j = sizes
        x, w, b = whole(rng, 2, 3, u, v), whole(rng, 3, 4, i, j), whole(rng, 4)
        y, pullback = conv_transpose2d.vjp(x, w, b, stride=stride)
        large = np.zeros((2, 4, u * stride + i, v * stride + j))
        for k, n in np.ndindex(u, v):
            large[:, :, stride * k : stride * k + i, stride * n : stride * n + j] += np.einsum(
                "bd,deij->beij", x[:, :, k, n], w)
        high, wide = (i - 1) // 2, (j - 1) // 2
        laid = large[:, :, high : high + u * stride, wide : wide + v * stride]
        np.testing.assert_array_equal(y, laid + b[:, None, None])
        bar = whole(rng, *y.shape)
        grads, none = pullback(bar), np.zeros(3)
        np.testing.assert_array_equal(grads["x"], conv2d(bar, w, none, stride=stride))
        assert np.sum(laid * bar) == np.sum(x * conv2d(bar, w, none, stride=stride)) == np.sum(grads["weight"] * w)
        other = whole(rng, *w.shape)
        there = conv_transpose2d(x, other, 0 * b, stride=stride)
        assert np.sum(grads["weight"] * other) == np.sum(there * bar)
        np.testing.assert_array_equal(grads["bias"], np.sum(bar, axis=(0, 2, 3)))
        back = conv2d.vjp(bar, w, none, stride=stride)[1](x)["x"]
        np.testing.assert_array_equal(back, laid)

    def test_patches_do_not_meet(self, rng):
        """A kernel as large as the stride is a product of matrices and a layout: as a patch is put together again.
        Kills: rows and columns exchanged, channels in another order, anything cut off."""
        x, w, b = whole(rng, 2, 3, 4, 5), whole(rng, 3, 4, 2, 2), whole(rng, 4)
        want = np.reshape(np.einsum("bduv,deij->beuivj", x, w), (2, 4, 8, 10)) + b[:, None, None]
        np.testing.assert_array_equal(conv_transpose2d(x, w, b, stride=2), want)


class TestArguments:
    def test_kernels_of_a_convolution_are_refused_where_they_do_not_fit(self):
        refused(conv_transpose2d, ArgumentError, "weight must have shape (D, E, I, J) with D = 2, got (4, 2, 3, 3)",
                np.ones((1, 2, 5, 5)), np.ones((4, 2, 3, 3)), np.ones(4), stride=2)

    def test_what_is_laid_down_beyond_all_memory_is_refused(self):
        image, kernel = np.broadcast_to(0.5, (1, 1, 2000, 2000)), np.broadcast_to(0.5, (1, 1, 500, 500))
        said = f"conv_transpose2d would allocate {8 * 10**12} bytes for its (B, E, I, J, U, V) work array"
        refused(conv_transpose2d, ArgumentError, said, image, kernel, np.zeros(1), stride=1)
