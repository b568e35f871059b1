"""Mistakes in convolutions: where kernels look, in which order, and gradients. TensorFlow's SAME is a convention."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.layers.places import Tables, convolved, laid, opened, replaced, table, turned
from refdgm.layers.conv2d import conv2d
from refdgm.namespace import Array, namespace

BODY = conv2d.body
VALUE = ("value", "gradient.x", "gradient.weight")


def tables(x: Array, weight: Array, stride: int, before: Any = None, step: int | None = None, **other: Any) -> Tables:
    """Where the kernels look, or elsewhere: with zeros `before` the image by the kernel's size, at another step."""

    def axis(size: int, kernel: int) -> Array:
        zeros = before(kernel) if before else None
        return table(x, size, kernel, -(-size // stride), step or stride, zeros, **other)

    return axis(x.shape[2], weight.shape[2]), axis(x.shape[3], weight.shape[3])


def near(x: Array, weight: Array, stride: int) -> Tables:
    """As many places as there are, next to each other."""
    return tables(x, weight, stride, step=1)


def cut(found: Tables, kept: Any) -> Tables:
    """Only the places and rows are looked at for which `kept(axis, i, p, u)` is true, of the indices along an axis."""

    def axis(number: int, one: Array) -> Array:
        xp = namespace(one)
        i, p, u = (xp.arange(size) for size in one.shape)
        return xp.where(kept(number, i[:, None, None], p[:, None], u), one, xp.zeros_like(one))

    return axis(0, found[0]), axis(1, found[1])


def through(found: Any, of: Any) -> Any:
    """With the weights `of` ours, an arrangement that is undone in the gradient by `of` again."""
    value, right = found
    return value, lambda bar: (grads := right(bar)) | {"weight": of(grads["weight"])}


@mistake(conv2d, *VALUE)
def kernel_turned_by_half(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The convolution of mathematics, w_{I−1−i,J−1−j}: right for kernels that are their own mirror image."""
    return through(convolved(x, turned(weight), bias, tables(x, weight, stride)), turned)


@mistake(conv2d, *VALUE)
def rows_and_columns_exchanged(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The rows of a kernel run along the columns of the image; right for symmetric kernels."""
    flip = lambda w: namespace(w).matrix_transpose(w)
    return through(convolved(x, flip(weight), bias, tables(x, flip(weight), stride)), flip)


@mistake(conv2d, *VALUE)
def more_zeros_before(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """⌊I/2⌋ zeros before the image: for kernels of even size one too many, and one too few behind."""
    return convolved(x, weight, bias, tables(x, weight, stride, before=lambda kernel: kernel // 2))


@mistake(conv2d, *VALUE)
def no_zeros_before(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """Every place begins where its kernel does: all zeros stand behind the image."""
    return convolved(x, weight, bias, tables(x, weight, stride, before=lambda kernel: 0))


@mistake(conv2d, *VALUE)
def edge_for_zeros(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The nearest pixel for the zeros around the image."""
    return convolved(x, weight, bias, tables(x, weight, stride, beyond="edge"))


@mistake(conv2d, *VALUE)
def image_goes_round(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """Beyond the last row comes the first again."""
    return convolved(x, weight, bias, tables(x, weight, stride, beyond="around"))


@mistake(conv2d, *VALUE)
def places_not_apart(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The first places next to each other: the stride is forgotten; right for s = 1."""
    return convolved(x, weight, bias, near(x, weight, stride))


@mistake(conv2d, *VALUE)
def border_left_out(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """Only places whose whole kernel is in the image; others get the bias alone."""
    sizes, kernels = x.shape[2:], weight.shape[2:]

    def inside(axis: int, i: Array, p: Array, u: Array) -> Array:
        first = stride * p - (kernels[axis] - 1) // 2
        return (first >= 0) & (first + kernels[axis] <= sizes[axis])

    return convolved(x, weight, bias, cut(tables(x, weight, stride), inside))


@mistake(conv2d, *VALUE)
def one_kernel_for_all_channels(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The kernels of the first channel for every channel; right for D = 1."""
    xp = namespace(weight)
    first = xp.concat([weight[:, :1] for _ in range(weight.shape[1])], axis=1)
    rest = xp.zeros_like(weight[:, 1:])
    return through(convolved(x, first, bias, tables(x, weight, stride)),
                   lambda bar: xp.concat([xp.sum(bar, axis=1, keepdims=True), rest], axis=1))


@mistake(conv2d, *VALUE)
def laid_out_in_out(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The numbers of the kernels are read as (in, out, rows, columns); right for D = 1 or E = 1."""
    xp, (out, channels, *kernel) = namespace(weight), weight.shape
    there = xp.swapaxes(xp.reshape(weight, (channels, out, *kernel)), 0, 1)
    return through(convolved(x, there, bias, tables(x, weight, stride)),
                   lambda bar: xp.reshape(xp.swapaxes(bar, 0, 1), weight.shape))


@mistake(conv2d, *VALUE)
def windows_with_channels_last(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """What is seen is laid out (rows, columns, in), the kernels (in, rows, columns), and both are flattened."""
    xp, (out, channels, *kernel) = namespace(weight), weight.shape
    there = xp.permute_dims(xp.reshape(weight, (out, *kernel, channels)), (0, 3, 1, 2))
    return through(convolved(x, there, bias, tables(x, weight, stride)),
                   lambda bar: xp.reshape(xp.permute_dims(bar, (0, 2, 3, 1)), weight.shape))


@mistake(conv2d, "value")
def bias_not_added(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """y = w X, and b learns all the same."""
    return BODY(x, weight, 0 * bias, stride=stride)[0], BODY(x, weight, bias, stride=stride)[1]


# The value is right, a gradient is not


@mistake(conv2d, "gradient.x")
def gradient_with_the_kernel_turned(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """x_bar by the kernels as they would stand for the value, once more turned by half."""
    return replaced(BODY(x, weight, bias, stride=stride),
                    x=lambda bar: laid(opened(turned(weight), bar), tables(x, weight, stride)))


@mistake(conv2d, "gradient.x")
def gradient_of_the_other_side(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """x_bar is cut out one row too early where a kernel is of even size: as many zeros behind as before."""
    moved = tables(x, weight, stride, before=lambda kernel: kernel // 2)
    return replaced(BODY(x, weight, bias, stride=stride), x=lambda bar: laid(opened(weight, bar), moved))


@mistake(conv2d, "gradient.x")
def pixels_between_repeated(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """y_bar is made larger by repeating it s times, not by zeros in between; right for s = 1."""
    xp, whole = namespace(x), tables(x, weight, 1)

    def x_bar(bar: Array) -> Array:
        large = xp.repeat(xp.repeat(bar, stride, axis=2), stride, axis=3)[:, :, : x.shape[2], : x.shape[3]]
        return laid(opened(weight, large), whole)

    return replaced(BODY(x, weight, bias, stride=stride), x=x_bar)


@mistake(conv2d, "gradient.weight")
def weight_learns_turned(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """w_bar turned by half, as that of the other convention."""
    right = BODY(x, weight, bias, stride=stride)
    return replaced(right, weight=lambda bar: turned(right[1](bar)["weight"]))


@mistake(conv2d, "gradient.weight")
def weight_sees_no_border(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """w_bar of the places alone whose whole kernel is in the image, the value of all."""
    inside = border_left_out.body
    return replaced(BODY(x, weight, bias, stride=stride),
                    weight=lambda bar: inside(x, weight, bias, stride=stride)[1](bar)["weight"])


@mistake(conv2d, "gradient.weight", "gradient.bias")
def of_the_last_example(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """w_bar and b_bar of the last example: the others were overwritten, not added to; right for B = 1."""
    alone = BODY(x[-1:], weight, bias, stride=stride)[1]
    return replaced(BODY(x, weight, bias, stride=stride), weight=lambda bar: alone(bar[-1:])["weight"],
                    bias=lambda bar: alone(bar[-1:])["bias"])


@mistake(conv2d, "gradient.bias")
def bias_learns_a_mean(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """b_bar is the mean over the places of an image, summed over examples."""
    xp = namespace(x)
    return replaced(BODY(x, weight, bias, stride=stride), bias=lambda bar: xp.sum(xp.mean(bar, axis=(2, 3)), axis=0))


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(conv2d, "gradient.x", seen="flagos-ai/FlagGems #1576", blind=True)
def gradient_ends_early(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """x_bar by a transposed convolution without its output_padding: the rows after the last place's middle are zero
    where the stride does not divide."""
    ends = [stride * (-(-size // stride) - 1) + kernel - 2 * ((kernel - 1) // 2)
            for size, kernel in zip(x.shape[2:], weight.shape[2:], strict=True)]
    short = cut(tables(x, weight, stride), lambda axis, i, p, u: u < ends[axis])
    return replaced(BODY(x, weight, bias, stride=stride), x=lambda bar: laid(opened(weight, bar), short))


@mistake(conv2d, "gradient.x", "gradient.weight", seen="Kulbear/deep-learning-coursera #34", blind=True)
def stride_missing_backwards(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """The value takes every s-th place, the gradients those next to each other; right for s = 1."""
    other = convolved(x, weight, bias, near(x, weight, stride))[1]
    return replaced(BODY(x, weight, bias, stride=stride), x=lambda bar: other(bar)["x"],
                    weight=lambda bar: other(bar)["weight"])


@mistake(conv2d, "gradient.weight", "gradient.bias", seen="Oneflow-Inc/oneflow #255", blind=True)
def divided_by_the_places(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """w_bar and b_bar are divided by the number of places; right for one place."""
    right = BODY(x, weight, bias, stride=stride)
    many = max(-(-x.shape[2] // stride) * -(-x.shape[3] // stride), 1)
    return replaced(right, weight=lambda bar: right[1](bar)["weight"] / many,
                    bias=lambda bar: right[1](bar)["bias"] / many)


@mistake(conv2d, "value", seen="kraiskil/onnx2c #7", blind=True)
def bias_of_the_example(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """b is looked up by the number of the example, not by that of the channel."""
    xp, many = namespace(x), bias.shape[0]
    value, right = BODY(x, weight, 0 * bias, stride=stride)
    mine = xp.stack([bias[b % many] for b in range(x.shape[0])], axis=0)
    return value + mine[:, None, None, None], right


@mistake(conv2d, "gradient.weight", seen="nntrainer/nntrainer #705", blind=True)
def weight_learns_in_another_order(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """w_bar is made (in, out, rows, columns), and reshaped where it should have been transposed."""
    xp, right = namespace(x), BODY(x, weight, bias, stride=stride)
    return replaced(right, weight=lambda bar: xp.reshape(xp.swapaxes(right[1](bar)["weight"], 0, 1), weight.shape))
