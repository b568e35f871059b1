"""Gradients of convolutions as public code had them, in other words: right values, and which mistake each one is."""

import pytest

from refdgm.testing import check

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.needs("torch")


def half(weight):
    return [(size - 1) // 2 for size in weight.shape[2:]]


def framed(x, weight):
    high, wide = half(weight)
    return torch.nn.functional.pad(x, (wide, weight.shape[3] - 1 - wide, high, weight.shape[2] - 1 - high))


class NoOutputPadding(torch.autograd.Function):
    """The gradient of the image by a transposed convolution, laid into an image of zeros as far as it goes
    (flagos-ai/FlagGems #1576)."""

    @staticmethod
    def forward(ctx, x, weight, bias, stride):
        ctx.save_for_backward(x, weight)
        ctx.stride = stride
        return torch.nn.functional.conv2d(framed(x, weight), weight, bias, stride)

    @staticmethod
    def backward(ctx, dy):
        x, weight = ctx.saved_tensors
        found = torch.nn.functional.conv_transpose2d(dy, weight, None, ctx.stride, half(weight))
        dx = torch.zeros_like(x)
        rows, columns = (min(size, there) for size, there in zip(x.shape[2:], found.shape[2:], strict=True))
        dx[:, :, :rows, :columns] = found[:, :, :rows, :columns]
        dw = torch.nn.grad.conv2d_weight(framed(x, weight), weight.shape, dy, ctx.stride)
        return dx, dw, dy.sum((0, 2, 3)), None


class NoStride(torch.autograd.Function):
    """The gradient of the image by a convolution that forgets the stride (pytorch/pytorch #63314)."""

    @staticmethod
    def forward(ctx, x, weight, bias, stride):
        ctx.save_for_backward(x, weight)
        ctx.stride, (high, wide) = stride, half(weight)
        more = [max(stride + at - size, 0) for size, at in zip(weight.shape[2:], (high, wide), strict=True)]
        y = torch.nn.functional.conv_transpose2d(x, weight, bias, stride, output_padding=more)
        return y[:, :, high : high + stride * x.shape[2], wide : wide + stride * x.shape[3]].contiguous()

    @staticmethod
    def backward(ctx, dy):
        x, weight = ctx.saved_tensors
        dx = torch.nn.functional.conv2d(framed(dy, weight), weight)[:, :, : x.shape[2], : x.shape[3]]
        dw = torch.nn.grad.conv2d_weight(framed(dy, weight), weight.shape, x, ctx.stride)
        return dx, dw, dy.sum((0, 2, 3)), None


@pytest.mark.parametrize(("name", "function", "mistake", "rows"), [
    ("conv2d", NoOutputPadding, "gradient_ends_early", 6),
    ("conv_transpose2d", NoStride, "gradient_without_the_stride", 2)])
def test_public_gradients_are_told_by_name(name, function, mistake, rows):
    """Their values and other gradients agree, and no convention is taken for what is a mistake."""

    def layer(x, weight, bias, stride):
        return function.apply(x, weight, bias, stride)

    with pytest.raises(AssertionError, match=f"{name}: differs") as told:
        check(layer, name, framework="torch", sizes={"B": 2, "D": 2, "E": 2, "U": rows, "V": rows, "I": 3, "J": 3})
    assert f"{name}/{mistake}" in str(told.value)
    told_of = str(told.value)
    assert "gradient.weight   agrees" in told_of and "gradient.bias     agrees" in told_of
