"""What networks are made of."""

import torch
import torch.nn.functional as F


def rms_norm(x, weight, eps):
    return F.rms_norm(x, weight.shape, weight, eps.item())


def layer_norm(x, weight, bias, eps):
    return F.layer_norm(x, weight.shape, weight, bias, eps.item())


def group_norm(x, weight, bias, eps):
    channels = F.group_norm(x.flatten(1, 2), x.shape[1], weight.flatten(), bias.flatten(), eps.item())
    return channels.view(x.shape)


def adaln_modulation(x, shift, scale, eps):
    n = F.layer_norm(x, x.shape[2:], eps=eps.item())
    return torch.addcmul(shift[:, None] + n, n, scale[:, None])


def silu(x):
    return F.silu(x)


def gelu(x):
    return F.gelu(x)


def gelu_tanh(x):
    return F.gelu(x, approximate="tanh")


def softcap(x, cap):
    return cap * torch.tanh(x / cap)


def attention(query, key, value, bias, scale):
    """Without a scale of its own the queries are multiplied, for torch differentiates a scale by no tensor."""
    out = F.scaled_dot_product_attention(scale * query, key, value, attn_mask=bias, scale=1.0)
    return out, torch.logsumexp(torch.baddbmm(bias, scale * query, key.mT), -1)


def rotary_embedding(x, position, base):
    n = x.shape[2] // 2
    angle = torch.outer(position, base ** (-torch.arange(n, dtype=x.dtype, device=x.device) / max(n, 1)))
    one, other, rest = x.split([n, n, x.shape[2] - 2 * n], 2)
    turned = torch.view_as_real(torch.complex(one, other) * torch.polar(torch.ones_like(angle), angle))
    return torch.cat([turned[..., 0], turned[..., 1], rest], 2)


def embedding(index, weight):
    return F.embedding(index, weight)


def conv2d(x, weight, bias, stride):
    """An odd zero stands behind the image, which no padding of the function itself says."""
    before = [(size - 1) // 2 for size in weight.shape[2:]]
    behind = [size - 1 - at for size, at in zip(weight.shape[2:], before, strict=True)]
    return F.conv2d(F.pad(x, (before[1], behind[1], before[0], behind[0])), weight, bias, stride)


def conv_transpose2d(x, weight, bias, stride):
    """What is too much is cut off, of an even kernel as much as of the odd one below it, and what is missing added."""
    before = [(size - 1) // 2 for size in weight.shape[2:]]
    more = [max(stride + at - size, 0) for size, at in zip(weight.shape[2:], before, strict=True)]
    y = F.conv_transpose2d(x, weight, bias, stride, output_padding=more)
    rows, columns = (slice(at, at + stride * size) for at, size in zip(before, x.shape[2:], strict=True))
    return y[:, :, rows, columns]
