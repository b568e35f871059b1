"""Forms of masked networks and of the flows that they condition."""

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from validation.corpus.form import Form, into
from validation.corpus.nets import AUTOGRAD, NUMPY, TORCH

FORMS: list[Form] = []
form = into(FORMS)


class MaskedLinear(nn.Linear):
    """A layer with its mask in a buffer, as most code has it."""

    def __init__(self, mask, weight, bias):
        super().__init__(*reversed(mask.shape), dtype=weight.dtype)
        self.register_buffer("mask", mask)
        self.held = weight, bias

    def forward(self, x):
        weight, bias = self.held
        return F.linear(x, self.mask * weight, bias)


def degrees_of(features, widths):
    """nflows: the inputs 1 … D, hidden units in turn, the outputs 1 … D."""
    found = [torch.arange(1, features + 1)]
    for width in widths[:-1]:
        found.append(torch.arange(width) % max(1, features - 1) + min(1, features - 1))
    return [*found, torch.arange(1, features + 1)]


@form("made", "modules of masked linear layers with degrees, as nflows has them")
def made_of_modules(x, theta, activation):
    depth = len(theta) // 2
    degrees = degrees_of(x.shape[1], [len(theta[f"b{n}"]) for n in range(1, depth + 1)])
    for n in range(1, depth + 1):
        below, here = degrees[n - 1], degrees[n]
        mask = here.unsqueeze(-1) > below if n == depth else here.unsqueeze(-1) >= below
        x = MaskedLinear(mask.to(x.dtype), theta[f"W{n}"], theta[f"b{n}"])(x)
        x = TORCH[activation](x) if n < depth else x
    return x


@form("made", "ranks from 0 and a mask where the weights are chosen, as flowjax has them")
def made_by_ranks(x, theta, activation):
    depth, dim = len(theta) // 2, x.shape[1]
    ranks = [torch.arange(dim)]
    ranks += [torch.arange(len(theta[f"b{n}"])) % max(dim - 1, 1) - int(dim == 1) for n in range(1, depth)]
    ranks += [torch.arange(dim)]
    for n in range(1, depth + 1):
        mask = ranks[n][:, None] > ranks[n - 1] if n == depth else ranks[n][:, None] >= ranks[n - 1]
        x = torch.where(mask, theta[f"W{n}"], 0.0) @ x.mT + theta[f"b{n}"][:, None] if n == 1 else (
            torch.where(mask, theta[f"W{n}"], 0.0) @ x + theta[f"b{n}"][:, None])
        x = TORCH[activation](x) if n < depth else x
    return x.mT


@form("made", "a network in autograd whose weights are multiplied by masks", framework="autograd")
def made_in_autograd(x, theta, activation):
    dim, depth = x.shape[1], len(theta) // 2
    m = [np.arange(dim)] + [np.arange(len(theta[f"b{n}"])) % max(dim - 1, 1) for n in range(1, depth)]
    if dim == 1:
        m[1:] = [each - 1 for each in m[1:]]
    masks = [m[n - 1][:, None] <= m[n][None, :] for n in range(1, depth)] + [m[-1][:, None] < np.arange(dim)[None, :]]
    for n in range(1, depth + 1):
        x = anp.dot(x, theta[f"W{n}"].T * masks[n - 1]) + theta[f"b{n}"]
        x = AUTOGRAD[activation](x) if n < depth else x
    return x


@form("made", "backpropagation from scratch, with masked products", framework="numpy")
def made_from_scratch(x, theta, activation):
    f, df = NUMPY[activation]
    dim, depth = x.shape[1], len(theta) // 2
    m = [np.arange(1, dim + 1)]
    m += [1 + np.arange(len(theta[f"b{n}"])) % (dim - 1) if dim > 1 else 0 * theta[f"b{n}"] for n in range(1, depth)]
    masks = [(m[n][:, None] >= m[n - 1]).astype(x.dtype) for n in range(1, depth)]
    masks.append((np.arange(1, dim + 1)[:, None] > m[-1]).astype(x.dtype))
    inputs, sums = [x], []
    for n in range(1, depth + 1):
        sums.append(inputs[-1] @ (masks[n - 1] * theta[f"W{n}"]).T + theta[f"b{n}"])
        inputs.append(f(sums[-1]) if n < depth else sums[-1])

    def pullback(delta):
        grads = {}
        for n in range(depth, 0, -1):
            if n < depth:
                delta = delta * df(sums[n - 1])
            grads[f"W{n}"], grads[f"b{n}"] = delta.T @ inputs[n - 1] * masks[n - 1], delta.sum(0)
            delta = delta @ (masks[n - 1] * theta[f"W{n}"])
        return {"x": delta, "theta": grads}

    return inputs[-1], pullback


def parameters_of(x, shift_theta, scale_theta, conditioner, scale):
    log_s = conditioner(x, scale_theta)
    return conditioner(x, shift_theta), torch.tanh(log_s) if scale == "bounded" else log_s


@form("masked_autoregressive", "u = (x − m) e^{−a}, as the layers of pytorch-flows have it")
def maf_layer(x, shift_theta, scale_theta, conditioner, scale):
    m, a = parameters_of(x, shift_theta, scale_theta, conditioner, scale)
    u = (x - m) * torch.exp(-a)
    return u, -a.sum(-1, keepdim=True).squeeze(-1)


@form("masked_autoregressive", "the way back of a transform y = scale · x + shift, as nflows has it")
def maf_by_scale(x, shift_theta, scale_theta, conditioner, scale):
    shift, log_scale = parameters_of(x, shift_theta, scale_theta, conditioner, scale)
    deviation = log_scale.exp()
    return (x - shift) / deviation, -torch.log(deviation).sum(dim=1)


@form("masked_autoregressive", "in autograd, with two halves of an output", framework="autograd")
def maf_in_autograd(x, shift_theta, scale_theta, conditioner, scale):
    out = anp.concatenate([conditioner(x, shift_theta), conditioner(x, scale_theta)], axis=1)
    m, a = out[:, :x.shape[1]], out[:, x.shape[1]:]
    a = anp.tanh(a) if scale == "bounded" else a
    return anp.exp(-a) * (x - m), anp.sum(-a, axis=-1)


@form("masked_autoregressive_inverse", "all components D times, from zeros, as nflows has it")
def maf_sampled_by_sweeps(z, shift_theta, scale_theta, conditioner, scale):
    outputs, logabsdet = torch.zeros_like(z), torch.zeros(z.shape[0], dtype=z.dtype)
    for _ in range(z.shape[1]):
        shift, log_scale = parameters_of(outputs, shift_theta, scale_theta, conditioner, scale)
        outputs = log_scale.exp() * z + shift
        logabsdet = log_scale.sum(dim=-1)
    return outputs, logabsdet


@form("masked_autoregressive_inverse", "one column after the other into a clone, as pytorch-flows has it")
def maf_sampled_by_columns(z, shift_theta, scale_theta, conditioner, scale):
    x, log_det = torch.zeros_like(z), 0
    for i in range(z.shape[1]):
        m, a = parameters_of(x, shift_theta, scale_theta, conditioner, scale)
        x = x.clone()
        x[:, i] = z[:, i] * torch.exp(a[:, i]) + m[:, i]
        log_det = log_det + a[:, i]
    return x, log_det


@form("masked_autoregressive_inverse", "a list of columns in autograd", framework="autograd")
def maf_sampled_in_autograd(z, shift_theta, scale_theta, conditioner, scale):
    columns, logs = [], []
    for i in range(z.shape[1]):
        rest = [anp.zeros(z.shape[0], dtype=z.dtype)] * (z.shape[1] - i)
        x = anp.stack([*columns, *rest], axis=1)
        m, a = conditioner(x, shift_theta)[:, i], conditioner(x, scale_theta)[:, i]
        logs.append(anp.tanh(a) if scale == "bounded" else a)
        columns.append(m + z[:, i] * anp.exp(logs[-1]))
    return anp.stack(columns, axis=1), sum(logs)
