"""Forms of convolutions and of what undoes their strides."""

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


def middle(weight):
    """How many zeros stand before the image, and how many behind, of rows and of columns."""
    return [((size - 1) // 2, size - 1 - (size - 1) // 2) for size in weight.shape[2:]]


def framed(x, weight):
    (above, below), (before, behind) = middle(weight)
    return F.pad(x, (before, behind, above, below))


@form("conv2d", "torch's own function on an image with its zeros")
def conv_of_torch(x, weight, bias, stride):
    return F.conv2d(framed(x, weight), weight, bias, stride=stride)


@form("conv2d", "unfold and a product of matrices, as tutorials have it")
def conv_by_unfold(x, weight, bias, stride):
    whole = framed(x, weight)
    columns = F.unfold(whole, weight.shape[2:], stride=stride)
    y = torch.matmul(weight.flatten(1), columns) + bias[:, None]
    return y.view(x.shape[0], weight.shape[0], -(-x.shape[2] // stride), -(-x.shape[3] // stride))


@form("conv2d", "views of windows and one einsum")
def conv_by_einsum(x, weight, bias, stride):
    windows = framed(x, weight).unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], stride)
    return torch.einsum("bdpqij,edij->bepq", windows, weight) + bias.view(1, -1, 1, 1)


@form("conv2d", "channels last, one product for every offset of the kernel, as for a TPU")
def conv_channels_last(x, weight, bias, stride):
    whole = framed(x, weight).permute(0, 2, 3, 1)
    high, wide = -(-x.shape[2] // stride), -(-x.shape[3] // stride)
    y = bias
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            y = y + whole[:, i :: stride, j :: stride][:, :high, :wide] @ weight[:, :, i, j].T
    return y.permute(0, 3, 1, 2)


@form("conv2d", "all places, of which a stride is kept")
def conv_then_strided(x, weight, bias, stride):
    return F.conv2d(framed(x, weight), weight, bias)[:, :, ::stride, ::stride]


@form("conv2d", "the zeros of SAME, as a port of TensorFlow has them", convention="the SAME of TensorFlow")
def conv_same(x, weight, bias, stride):
    pads = []
    for size, kernel in zip(x.shape[:1:-1], weight.shape[:1:-1], strict=True):  # the last axis first
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        pads += [total // 2, total - total // 2]
    return F.conv2d(F.pad(x, pads), weight, bias, stride)


class ConvC(torch.autograd.Function):
    """With the two convolutions of its own backward pass, as libraries name them."""

    @staticmethod
    def forward(ctx, x, weight, bias, stride):
        ctx.save_for_backward(x, weight)
        ctx.stride = stride
        return F.conv2d(framed(x, weight), weight, bias, stride)

    @staticmethod
    def backward(ctx, dy):
        x, weight = ctx.saved_tensors
        whole = framed(x, weight)
        dx = torch.nn.grad.conv2d_input(whole.shape, weight, dy, stride=ctx.stride)
        dw = torch.nn.grad.conv2d_weight(whole, weight.shape, dy, stride=ctx.stride)
        (above, _), (before, _) = middle(weight)
        return dx[:, :, above : above + x.shape[2], before : before + x.shape[3]], dw, dy.sum((0, 2, 3)), None


@form("conv2d", "its gradients by the library's conv2d_input and conv2d_weight")
def conv_with_its_own_backward(x, weight, bias, stride):
    return ConvC.apply(x, weight, bias, stride)


@form("conv2d", "an autograd script that adds up slices", framework="autograd")
def conv_of_autograd(x, weight, bias, stride):
    (above, below), (before, behind) = middle(weight)
    whole = anp.pad(x, ((0, 0), (0, 0), (above, below), (before, behind)), mode="constant")
    high, wide = -(-x.shape[2] // stride), -(-x.shape[3] // stride)
    total = bias[None, :, None, None]
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            part = whole[:, :, i : i + stride * high : stride, j : j + stride * wide : stride]
            total = total + anp.einsum("bdpq,ed->bepq", part, weight[:, :, i, j])
    return total


@form("conv2d", "NumPy with loops over places and the gradients by hand, as courses teach it", framework="numpy")
def conv_by_hand(x, weight, bias, stride):
    (above, below), (before, behind) = middle(weight)
    whole = np.pad(x, ((0, 0), (0, 0), (above, below), (before, behind)))
    high, wide = -(-x.shape[2] // stride), -(-x.shape[3] // stride)
    y = np.zeros((x.shape[0], weight.shape[0], high, wide), x.dtype)
    spots = [(p, q, slice(p * stride, p * stride + weight.shape[2]), slice(q * stride, q * stride + weight.shape[3]))
             for p in range(high) for q in range(wide)]
    for p, q, rows, columns in spots:
        y[:, :, p, q] = np.tensordot(whole[:, :, rows, columns], weight, axes=((1, 2, 3), (1, 2, 3))) + bias

    def backward(dy):
        dwhole, dw = np.zeros_like(whole), np.zeros_like(weight)
        for p, q, rows, columns in spots:
            dwhole[:, :, rows, columns] += np.tensordot(dy[:, :, p, q], weight, axes=(1, 0))
            dw += np.tensordot(dy[:, :, p, q], whole[:, :, rows, columns], axes=(0, 0))
        dx = dwhole[:, :, above : above + x.shape[2], before : before + x.shape[3]]
        return {"x": dx, "weight": dw, "bias": dy.sum(axis=(0, 2, 3))}

    return y, backward


def needed(weight, stride):
    """How many rows and columns a library's own function lacks at the end."""
    return [max(stride + (size - 1) // 2 - size, 0) for size in weight.shape[2:]]


def cut(y, x, weight, stride):
    (above, _), (before, _) = middle(weight)
    return y[:, :, above : above + stride * x.shape[2], before : before + stride * x.shape[3]]


@form("conv_transpose2d", "torch's own function, all of which is kept and then cut")
def laid_by_torch(x, weight, bias, stride):
    return cut(F.conv_transpose2d(x, weight, bias, stride, output_padding=needed(weight, stride)), x, weight, stride)


@form("conv_transpose2d", "the gradient of a convolution for its image, as it is defined")
def laid_as_a_gradient(x, weight, bias, stride):
    shape = (x.shape[0], weight.shape[1], *(stride * (size - 1) + kernel + more for size, kernel, more in zip(
        x.shape[2:], weight.shape[2:], needed(weight, stride), strict=True)))
    y = torch.nn.grad.conv2d_input(shape, weight, x, stride=stride)
    return cut(y, x, weight, stride) + bias[:, None, None]


@form("conv_transpose2d", "a convolution of the image with zeros in between, by kernels that are turned for it")
def laid_by_zeros_between(x, weight, bias, stride):
    many, channels, rows, columns = x.shape
    large = x.new_zeros(many, channels, rows * stride, columns * stride)
    large[:, :, ::stride, ::stride] = x
    (above, below), (before, behind) = middle(weight)
    kernels = weight.flip(2, 3).transpose(0, 1)
    return F.conv2d(F.pad(large, (behind, before, below, above)), kernels, bias)


@form("conv_transpose2d", "a product of matrices, and fold")
def laid_by_fold(x, weight, bias, stride):
    columns = weight.flatten(1).T @ x.flatten(2)
    size = [stride * (n - 1) + kernel for n, kernel in zip(x.shape[2:], weight.shape[2:], strict=True)]
    y = F.fold(columns, size, weight.shape[2:], stride=stride)
    more = needed(weight, stride)
    return cut(F.pad(y, (0, more[1], 0, more[0])), x, weight, stride) + bias[None, :, None, None]


@form("conv_transpose2d", "the vector-Jacobian product of a convolution")
def laid_by_a_vjp(x, weight, bias, stride):
    image = x.new_zeros(x.shape[0], weight.shape[1], x.shape[2] * stride, x.shape[3] * stride)
    _, back = torch.func.vjp(lambda z: F.conv2d(framed(z, weight), weight, None, stride), image)
    return back(x)[0] + bias.view(-1, 1, 1)


@form("conv_transpose2d", "Keras, the transpose of SAME", convention="the transpose of TensorFlow's SAME")
def laid_as_keras(x, weight, bias, stride):
    at = [max(size - stride, 0) // 2 for size in weight.shape[2:]]
    more = [max(stride - size, 0) for size in weight.shape[2:]]
    y = F.conv_transpose2d(x, weight, None, stride)
    y = F.pad(y, (0, more[1], 0, more[0]))
    rows, columns = (slice(first, first + stride * size) for first, size in zip(at, x.shape[2:], strict=True))
    return y[:, :, rows, columns] + bias[:, None, None]


@form("conv_transpose2d", "flax.linen.ConvTranspose as it is called by default",
      convention="kernels turned by half, as flax has them")
def laid_as_flax(x, weight, bias, stride):
    return laid_as_keras(x, weight.flip(2, 3), bias, stride)


@form("conv_transpose2d", "an autograd script that lays every offset down", framework="autograd")
def laid_of_autograd(x, weight, bias, stride):
    whole, total = (stride * x.shape[2], stride * x.shape[3]), 0
    frame = [(0, 0), (0, 0), (0, stride - 1), (0, stride - 1)]
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            part = anp.einsum("bduv,de->beuv", x, weight[:, :, i, j])[:, :, :, None, :, None]
            part = anp.pad(part, [(0, 0)] * 3 + [frame[2]] + [(0, 0), frame[3]], mode="constant")
            part = anp.reshape(part, (x.shape[0], weight.shape[1], *whole))
            ends = [(0, 0), (0, 0), (i, weight.shape[2] - 1 - i), (j, weight.shape[3] - 1 - j)]
            total = total + anp.pad(part, ends, mode="constant")
    return cut(total, x, weight, stride) + bias[:, None, None]


@form("conv_transpose2d", "NumPy with loops over pixels and the gradients by hand", framework="numpy")
def laid_by_hand(x, weight, bias, stride):
    (above, _), (before, _) = middle(weight)
    kernel, image = weight.shape[2:], (stride * x.shape[2], stride * x.shape[3])
    large = np.zeros((x.shape[0], weight.shape[1], image[0] + kernel[0] - 1, image[1] + kernel[1] - 1), x.dtype)
    spots = [(u, v, slice(u * stride, u * stride + kernel[0]), slice(v * stride, v * stride + kernel[1]))
             for u, v in np.ndindex(x.shape[2:])]
    for u, v, rows, columns in spots:
        large[:, :, rows, columns] += np.tensordot(x[:, :, u, v], weight, axes=(1, 0))

    def backward(dy):
        whole = np.zeros_like(large)
        whole[:, :, above : above + image[0], before : before + image[1]] = dy
        dx, dw = np.zeros_like(x), np.zeros_like(weight)
        for u, v, rows, columns in spots:
            dx[:, :, u, v] = np.tensordot(whole[:, :, rows, columns], weight, axes=((1, 2, 3), (1, 2, 3)))
            dw += np.tensordot(x[:, :, u, v], whole[:, :, rows, columns], axes=(0, 0))
        return {"x": dx, "weight": dw, "bias": dy.sum((0, 2, 3))}

    return cut(large, x, weight, stride) + bias[:, None, None], backward
