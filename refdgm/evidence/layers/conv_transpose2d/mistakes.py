"""Mistakes in transposed convolutions: where kernels are laid down, and gradients. Turned kernels are a convention."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.layers.places import Tables, learnt, replaced, seen, summed, table, transposed, turned
from refdgm.layers.conv_transpose2d import conv_transpose2d
from refdgm.namespace import Array, namespace

BODY = conv_transpose2d.body
VALUE = ("value", "gradient.x", "gradient.weight")


def tables(x: Array, weight: Array, stride: int, before: Any = None, step: int | None = None, **other: Any) -> Tables:
    """Where kernels are laid down, or elsewhere: with `before` rows cut off by the kernel's size, at another step."""

    def axis(size: int, kernel: int) -> Array:
        rows = before(kernel) if before else None
        return table(x, size * stride, kernel, size, step or stride, rows, **other)

    return axis(x.shape[2], weight.shape[2]), axis(x.shape[3], weight.shape[3])


def through(found: Any, of: Any) -> Any:
    """With weights in an arrangement that `of` undoes in the gradient."""
    value, right = found
    return value, lambda bar: (grads := right(bar)) | {"weight": of(grads["weight"])}


@mistake(conv_transpose2d, *VALUE)
def rows_and_columns_exchanged(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The rows of a kernel are laid along the columns of the image; right for symmetric kernels."""
    flip = lambda w: namespace(w).matrix_transpose(w)
    return through(transposed(x, flip(weight), bias, tables(x, flip(weight), stride)), flip)


@mistake(conv_transpose2d, *VALUE)
def more_cut_off_before(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """⌊I/2⌋ rows are cut off before the image: for kernels of even size one too many."""
    return transposed(x, weight, bias, tables(x, weight, stride, before=lambda kernel: kernel // 2))


@mistake(conv_transpose2d, *VALUE)
def nothing_cut_off_before(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """All that is too much is cut off behind the image."""
    return transposed(x, weight, bias, tables(x, weight, stride, before=lambda kernel: 0))


@mistake(conv_transpose2d, *VALUE)
def pixels_repeated(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The image is made larger by repeating its pixels s times, not by zeros in between; right for s = 1."""
    xp = namespace(x)
    b, d, u, v = x.shape
    large = xp.repeat(xp.repeat(x, stride, axis=2), stride, axis=3)
    value, right = transposed(large, weight, bias, tables(large, weight, 1))
    fold = lambda bar: xp.sum(xp.reshape(bar, (b, d, u, stride, v, stride)), axis=(3, 5))
    return value, lambda bar: (grads := right(bar)) | {"x": fold(grads["x"])}


@mistake(conv_transpose2d, *VALUE)
def kernels_not_apart(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """Kernels are laid down next to each other in the first rows and columns; right for s = 1."""
    return transposed(x, weight, bias, tables(x, weight, stride, step=1))


@mistake(conv_transpose2d, *VALUE)
def beyond_the_end_at_the_other(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """What is laid down beyond one end of the image is added at the other."""
    return transposed(x, weight, bias, tables(x, weight, stride, beyond="around"))


@mistake(conv_transpose2d, *VALUE)
def overwritten(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """Of kernels that overlap the last one stays: what lies there is not added to; right for I, J ≤ s."""
    xp, found = namespace(x), tables(x, weight, stride)

    def last(one: Array) -> Array:
        """Of each row of the image the last pixel that lays something there."""
        there = xp.flip(xp.cumulative_sum(xp.flip(xp.sum(one, axis=0), axis=0), axis=0), axis=0)
        return xp.where(there == 1, one, xp.zeros_like(one))

    return transposed(x, weight, bias, (last(found[0]), last(found[1])))


@mistake(conv_transpose2d, *VALUE)
def one_kernel_for_all_channels(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The kernels of the first channel for every channel; right for D = 1."""
    xp = namespace(weight)
    first = xp.concat([weight[:1] for _ in range(weight.shape[0])], axis=0)
    rest = xp.zeros_like(weight[1:])
    return through(transposed(x, first, bias, tables(x, weight, stride)),
                   lambda bar: xp.concat([xp.sum(bar, axis=0, keepdims=True), rest], axis=0))


@mistake(conv_transpose2d, *VALUE)
def laid_out_out_in(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The numbers of the kernels are read as (out, in, rows, columns), as a convolution has them; right for D = 1 or
    E = 1."""
    xp, (channels, out, *kernel) = namespace(weight), weight.shape
    there = xp.swapaxes(xp.reshape(weight, (out, channels, *kernel)), 0, 1)
    return through(transposed(x, there, bias, tables(x, weight, stride)),
                   lambda bar: xp.reshape(xp.swapaxes(bar, 0, 1), weight.shape))


@mistake(conv_transpose2d, "value", "gradient.bias")
def bias_of_every_pixel(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """b is added for every pixel that lays a kernel down, and not at all where none does; right for 1 × 1 and s = 1."""
    xp = namespace(x)
    value, right = BODY(x, weight, 0 * bias, stride=stride)
    down, across = (xp.sum(one, axis=(0, 1)) for one in tables(x, weight, stride))
    many = down[:, None] * across
    return value + many * bias[:, None, None], lambda bar: right(bar) | {"bias": xp.sum(many * bar, axis=(0, 2, 3))}


@mistake(conv_transpose2d, "value")
def bias_not_added(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """y = w* x, and b learns all the same."""
    return BODY(x, weight, 0 * bias, stride=stride)[0], BODY(x, weight, bias, stride=stride)[1]


# The value is right, a gradient is not


@mistake(conv_transpose2d, "gradient.x")
def gradient_with_the_kernel_turned(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """x_bar sees y_bar through kernels that are turned by half; the convolution that it is turns none."""
    found = tables(x, weight, stride)
    return replaced(BODY(x, weight, bias, stride=stride), x=lambda bar: summed(turned(weight), seen(bar, found)))


@mistake(conv_transpose2d, "gradient.x")
def gradient_of_the_other_side(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """x_bar begins one row too early where a kernel is of even size."""
    found = tables(x, weight, stride, before=lambda kernel: kernel // 2)
    return replaced(BODY(x, weight, bias, stride=stride), x=lambda bar: summed(weight, seen(bar, found)))


@mistake(conv_transpose2d, "gradient.weight")
def weight_learns_turned(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """w_bar turned by half, as that of the other convention."""
    right = BODY(x, weight, bias, stride=stride)
    return replaced(right, weight=lambda bar: turned(right[1](bar)["weight"]))


@mistake(conv_transpose2d, "gradient.weight", "gradient.bias")
def of_the_last_example(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """w_bar and b_bar of the last example: the others were overwritten, not added to; right for B = 1."""
    alone = BODY(x[-1:], weight, bias, stride=stride)[1]
    return replaced(BODY(x, weight, bias, stride=stride), weight=lambda bar: alone(bar[-1:])["weight"],
                    bias=lambda bar: alone(bar[-1:])["bias"])


@mistake(conv_transpose2d, "gradient.bias")
def bias_learns_at_the_pixels(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """b_bar is summed over every s-th row and column alone, as many as came in; right for s = 1."""
    xp = namespace(x)
    return replaced(BODY(x, weight, bias, stride=stride),
                    bias=lambda bar: xp.sum(bar[:, :, ::stride, ::stride], axis=(0, 2, 3)))


@mistake(conv_transpose2d, "gradient.bias")
def bias_learns_a_mean(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """b_bar is the mean over the pixels of an image, summed over examples."""
    xp = namespace(x)
    return replaced(BODY(x, weight, bias, stride=stride), bias=lambda bar: xp.sum(xp.mean(bar, axis=(2, 3)), axis=0))


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(conv_transpose2d, "gradient.x", seen="pytorch/pytorch #63314", blind=True)
def gradient_without_the_stride(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """x_bar of a pixel reads y_bar at the pixel's own number, not at s times it; right for s = 1."""
    found = tables(x, weight, stride, step=1)
    return replaced(BODY(x, weight, bias, stride=stride), x=lambda bar: summed(weight, seen(bar, found)))


@mistake(conv_transpose2d, "gradient.weight", seen="huggingface/candle #2337", blind=True)
def weight_learns_apart(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """w_bar takes the stride for the distance of the kernel's pixels, and the other way round; right for s = 1."""
    found = tables(x, weight, stride, step=1, apart=stride)
    return replaced(BODY(x, weight, bias, stride=stride), weight=lambda bar: learnt(x, seen(bar, found)))


@mistake(conv_transpose2d, *VALUE, seen="robertknight/rten #1399", blind=True)
def cut_off_by_the_other_side(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """As many rows are cut off as columns should be, and the other way round; right for square kernels."""
    other = {weight.shape[2]: weight.shape[3], weight.shape[3]: weight.shape[2]}
    return transposed(x, weight, bias, tables(x, weight, stride, before=lambda kernel: (other[kernel] - 1) // 2))


@mistake(conv_transpose2d, *VALUE, seen="Samsung/TICO #420", blind=True)
def framed_instead_of_cut(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The padding is put around the image that comes in, where it should be cut off what comes out: kernels lie
    ⌊(I − 1)/2⌋ rows of the image, s times as many of the result, further down, and the rest is cut off behind."""
    return transposed(x, weight, bias, tables(x, weight, stride, before=lambda kernel: -stride * ((kernel - 1) // 2)))
