"""Other definitions of embeddings and of layers of flows, as their authors write them."""

import autograd.numpy as np

from refdgm.evidence import traced
from refdgm.evidence.nets.mlp.definition import SPELLINGS


def angles(t, features, spacing):
    n = features // 2 if spacing == "half" else max(features // 2 - 1, 1)
    return t[:, None] * 10000.0 ** (-np.arange(features // 2) / n)


def cosines_first(t, *, features, spacing):
    a = angles(t, features, spacing)
    return np.concatenate([np.cos(a), np.sin(a)], axis=1)


def in_turn(t, *, features, spacing):
    a = angles(t, features, spacing)
    return np.reshape(np.stack([np.sin(a), np.cos(a)], axis=2), (len(t), features))


def revnet(x, log_scale, shift, *, direction, scale):
    """As in Glow's code."""
    a = np.exp(log_scale) if scale == "exp" else 1 / (1 + np.exp(-(log_scale + 2)))
    logs = np.sum(np.reshape(np.log(a), (len(a), -1)), axis=1)
    return ((x + shift) * a, logs) if direction == "forward" else (x / a - shift, -logs)


def softplus_twice(z, u, w, b, *, constraint):
    """As flowjax has it."""
    along = np.dot(u, w)
    if constraint == "softplus":
        u = u + (-1 + np.log(1 + np.logaddexp(0.0, along)) - along) * w / np.dot(w, w)
    h = np.tanh(np.dot(z, w) + b)
    return z + np.outer(h, u), np.log(np.abs(1 + (1 - h**2) * np.dot(u, w)))


def bounded_below(x, log_scale, shift, *, direction, scale):
    """As in nflows."""
    a = np.exp(log_scale) if scale == "exp" else 1 / (1 + np.exp(-(log_scale + 2))) + 1e-3
    logs = np.sum(np.reshape(np.log(a), (len(a), -1)), axis=1)
    return (a * x + shift, logs) if direction == "forward" else ((x - shift) / a, -logs)


def of_degrees(hidden):
    """A masked perceptron whose hidden degrees are `hidden(width, D)`."""

    def network(x, theta, *, activation):
        many, h, depth = x.shape[1], x, len(theta) // 2
        below = np.arange(1, many + 1)
        for n in range(1, depth + 1):
            here = np.arange(1, many + 1) - 0.5 if n == depth else hidden(theta[f"b{n}"].shape[0], many)
            h = h @ (theta[f"W{n}"] * (here[:, None] >= below)).T + theta[f"b{n}"]
            h, below = h if n == depth else SPELLINGS[activation][0](h), here
        return h

    return network


def of_deviation(centred, less):
    """√(Σ c²/(D − less)) + ϵ, with PyTorch's slope of a length of nothing, which is 0."""

    def normalised(x, weight, *rest):
        c = x - np.mean(x, axis=2, keepdims=True) if centred else x
        square = np.sum(c**2, axis=2, keepdims=True) / max(x.shape[2] - less, 1)
        root = np.where(square > 0, np.sqrt(np.where(square > 0, square, 1.0)), 0.0)
        return weight * c / (root + rest[-1])

    return (lambda x, weight, bias, eps: normalised(x, weight, eps) + bias) if centred else normalised


def of_group(x, weight, bias, eps):
    """√mean(c²) + ϵ over a group, with PyTorch's slope of a length of nothing, which is 0."""
    flat = np.reshape(x, (*x.shape[:2], x.shape[2] * x.shape[3]))
    n = np.reshape(of_deviation(centred=True, less=0)(flat, 1.0, 0.0, eps), x.shape)
    return weight[:, :, None] * n + bias[:, :, None]


def of_tanh(x):
    """As jax.nn.gelu has it unless it is asked otherwise."""
    return x * (1 + traced.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**3))) / 2


def padded(index, weight):
    """A row that is detached, as code of JAX has padding."""
    held = traced.stopped(weight)
    return np.where(index[:, :, None] == 0, held[index], weight[index])


def by_frequency(index, weight):
    """Every place sends its share of the mean over the places of its row."""
    often = np.bincount(index.ravel(), minlength=len(weight))[index][:, :, None]
    held = traced.stopped(weight)[index]
    return held + (weight[index] - held) / often


def stretched(index, weight):
    return weight[index] * np.sqrt(weight.shape[1])


def turned(neighbours, sign):
    """Complex numbers of neighbours or of halves, as the code of Llama and that of transformers have them."""

    def embedding(x, position, base):
        n = x.shape[2] // 2
        angle = sign * position[:, None] * base ** (-np.arange(n) / max(n, 1))
        one = x[:, :, 0 : 2 * n : 2] if neighbours else x[:, :, :n]
        other = x[:, :, 1 : 2 * n : 2] if neighbours else x[:, :, n : 2 * n]
        both = [one * np.cos(angle) - other * np.sin(angle), other * np.cos(angle) + one * np.sin(angle)]
        pairs = np.stack(both, axis=3 if neighbours else 2)
        return np.concatenate([np.reshape(pairs, (*x.shape[:2], 2 * n)), x[:, :, 2 * n :]], axis=2)

    return embedding


LAYERS = [
    ("sinusoidal_embedding", "the cosines first", cosines_first),
    ("sinusoidal_embedding", "sines and cosines in turn", in_turn),
    ("rms_norm", "ϵ outside the root", of_deviation(centred=False, less=0)),
    ("layer_norm", "ϵ outside the root", of_deviation(centred=True, less=0)),
    ("layer_norm", "the deviation of a sample, ϵ outside the root", of_deviation(centred=True, less=1)),
    ("gelu", "the form with tanh", of_tanh),
    ("group_norm", "ϵ outside the root", of_group),
    ("embedding", "row 0 is padding: it hears nothing", padded),
    ("embedding", "divided by how often an index comes", by_frequency),
    ("embedding", "times √D", stretched),
    ("rotary_embedding", "pairs of neighbours", turned(neighbours=True, sign=1)),
    ("rotary_embedding", "turned the other way", turned(neighbours=False, sign=-1)),
    ("rotary_embedding", "pairs of neighbours, turned the other way", turned(neighbours=True, sign=-1)),
]


def fewest_zeros(x, weight, bias, *, stride):
    """The padding SAME of tf.nn.conv2d."""
    frame, shape = [(0, 0), (0, 0)], [-(-size // stride) for size in x.shape[2:]]
    for size, kernel, places in zip(x.shape[2:], weight.shape[2:], shape, strict=True):
        total = max((places - 1) * stride + kernel - size, 0)
        frame.append((total // 2, total - total // 2))
    whole, total = np.pad(x, frame, mode="constant"), bias[:, None, None]
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            part = whole[:, :, i::stride, j::stride][:, :, : shape[0], : shape[1]]
            total = total + np.einsum("bdpq,ed->bepq", part, weight[:, :, i, j])
    return total


def of_flax(flipped):
    """lax.conv_transpose under SAME: an image with zeros between its pixels, framed by what its source says."""

    def laid(x, weight, bias, *, stride):
        w = weight if flipped else weight[:, :, ::-1, ::-1]  # transpose_kernel turns it, and is not what flax does
        large, frame = x, [(0, 0), (0, 0)]
        for axis, kernel in ((2, w.shape[2]), (3, w.shape[3])):
            size = large.shape[axis]
            between = np.reshape(np.stack([large] + [0 * large] * (stride - 1), axis=axis + 1),
                                 (*large.shape[:axis], size * stride, *large.shape[axis + 1 :]))
            large = between[:, :, : (size - 1) * stride + 1] if axis == 2 else between[..., : (size - 1) * stride + 1]
            length = kernel + stride - 2
            before = kernel - 1 if stride > kernel - 1 else -(-length // 2)
            frame.append((before, length - before))
        whole = np.pad(large, frame, mode="constant")
        high, wide = (stride * size for size in x.shape[2:])
        total = bias[:, None, None]
        for i in range(w.shape[2]):
            for j in range(w.shape[3]):
                part = whole[:, :, i : i + high, j : j + wide]
                total = total + np.einsum("bdpq,de->bepq", part, w[:, :, i, j])
        return total

    return laid


CONVOLUTIONS = [
    ("conv2d", "the SAME of TensorFlow", fewest_zeros),
    ("conv_transpose2d", "the transpose of TensorFlow's SAME", of_flax(flipped=False)),
    ("conv_transpose2d", "kernels turned by half, as flax has them", of_flax(flipped=True)),
]
