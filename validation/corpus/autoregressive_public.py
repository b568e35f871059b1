"""Forms of masked networks and of masked autoregressive flows, as ports and tutorials of MADE and MAF have them."""

import math
from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
ACT = {
    "tanh": torch.tanh,
    "softplus": lambda a: F.softplus(a, threshold=40),
    "silu": F.silu,
    "relu": F.relu,
}
EVENLY = "hidden degrees 0 … D − 1, spread evenly"
IN_TURN = "hidden degrees 1 … D in turn"


def widths(theta):
    return [theta[f"b{n}"].shape[0] for n in range(1, len(theta) // 2 + 1)]


def masked_layers(x, theta, masks, activation):
    """Masked linear layers with activations between them."""
    h = x
    for n, mask in enumerate(masks, start=1):
        h = F.linear(h, mask.to(x.dtype) * theta[f"W{n}"], theta[f"b{n}"])
        h = ACT[activation](h) if n < len(masks) else h
    return h


@form("made", "the MADE of a well-known repository, its units counted in turn and not drawn")
def made_of_orderings(x, theta, activation):
    nin, hidden = x.shape[1], widths(theta)[:-1]
    m = {-1: np.arange(nin)}
    for layer, size in enumerate(hidden):
        m[layer] = np.arange(size) % max(nin - 1, 1) - (nin == 1)
    masks = [m[layer - 1][:, None] <= m[layer][None, :] for layer in range(len(hidden))]
    masks.append(m[len(hidden) - 1][:, None] < m[-1][None, :])
    return masked_layers(x, theta, [torch.from_numpy(mask.astype(np.uint8).T) for mask in masks], activation)


@form("made", "a library of flows: degrees carried from layer to layer")
def made_of_degrees(x, theta, activation):
    features, sizes = x.shape[-1], widths(theta)
    degrees, h = torch.arange(1, features + 1), x
    for n, size in enumerate(sizes, start=1):
        if n == len(sizes):
            out = torch.arange(1, features + 1)
            mask = (out[..., None] > degrees).to(x)
        else:
            max_, min_ = max(1, features - 1), min(1, features - 1)
            out = torch.arange(size) % max_ + min_
            mask = (out[..., None] >= degrees).to(x)
        h = torch.addmm(theta[f"b{n}"], h, (theta[f"W{n}"] * mask).t())
        if n < len(sizes):
            h = ACT[activation](h)
        degrees = out
    return h


@form("made", "short ports of MAF with one function for all masks and an output of degree −1")
def made_of_get_mask(x, theta, activation):
    count, sizes = x.shape[1], widths(theta)

    def get_mask(into, out, kind):
        hidden = lambda n: torch.arange(n) % (count - 1) if count > 1 else torch.full((n,), -1)
        in_degrees = torch.arange(into) % count if kind == "input" else hidden(into)
        out_degrees = torch.arange(out) % count - 1 if kind == "output" else hidden(out)
        return out_degrees.unsqueeze(-1) >= in_degrees.unsqueeze(0)

    if len(sizes) == 1:
        return masked_layers(x, theta, [torch.ones(count, count).tril(-1)], activation)
    kinds = ["input", *[None] * (len(sizes) - 2), "output"]
    masks = [get_mask(a, b, kind) for a, b, kind in zip([count, *sizes], sizes, kinds, strict=False)]
    return masked_layers(x, theta, masks, activation)


@form("made", "a probabilistic language's networks", convention=EVENLY)
def made_of_indices(x, theta, activation):
    dim, sizes = x.shape[1], widths(theta)
    hidden = [torch.round(torch.linspace(1, dim, steps=size)) - 1 for size in sizes[:-1]]
    indices = [1.0 + torch.arange(dim), *hidden]
    masks = [after.unsqueeze(-1) >= before.unsqueeze(0) for before, after in pairwise(indices)]
    masks.append((1.0 + torch.arange(dim)).unsqueeze(-1) > indices[-1].unsqueeze(0))
    return masked_layers(x, theta, masks, activation)


@form("made", "ranks of a JAX library", convention=IN_TURN, framework="autograd")
def made_of_ranks(x, theta, activation):
    sigmoid = lambda a: 0.5 * (1 + anp.tanh(a / 2))
    act = {
        "tanh": anp.tanh,
        "softplus": lambda a: anp.logaddexp(a, 0.0),
        "silu": lambda a: a * sigmoid(a),
        "relu": lambda a: anp.where(a > 0, a, 0.0),
    }[activation]
    dim, sizes = x.shape[1], widths(theta)
    ranks = [np.arange(dim), *[np.arange(size) % dim for size in sizes[:-1]]]
    masks = [after[:, None] >= before for before, after in pairwise(ranks)]
    masks.append(np.arange(dim)[:, None] > ranks[-1])
    for n, mask in enumerate(masks, start=1):
        x = anp.dot(x, (theta[f"W{n}"] * mask).T) + theta[f"b{n}"]
        x = act(x) if n < len(masks) else x
    return x


def bounded(a, scale):
    return torch.tanh(a) if scale == "bounded" else a


@form("masked_autoregressive", "short ports of MAF")
def maf_direct(x, shift_theta, scale_theta, conditioner, scale):
    m, a = conditioner(x, shift_theta), bounded(conditioner(x, scale_theta), scale)
    u = (x - m) * torch.exp(-a)
    return u, -a.sum(-1)


@form("masked_autoregressive", "a library whose layers divide by a scale and take its logarithm")
def maf_of_scales(x, shift_theta, scale_theta, conditioner, scale):
    loc, s = conditioner(x, shift_theta), torch.exp(bounded(conditioner(x, scale_theta), scale))
    return (x - loc) / s, -torch.log(s).flatten(1).sum(1)


@form("masked_autoregressive", "gates: the data times e^{−α} and a shift of its own")
def maf_of_gates(x, shift_theta, scale_theta, conditioner, scale):
    mu, alpha = conditioner(x, shift_theta), bounded(conditioner(x, scale_theta), scale)
    gain = torch.exp(-alpha)
    return {"z": x * gain - mu * gain, "log_det": torch.einsum("bd->b", -alpha)}


@form("masked_autoregressive", "tutorials that take the determinant of the Jacobian")
def maf_of_jacobian(x, shift_theta, scale_theta, conditioner, scale):
    def whiten(y):
        return (y - conditioner(y, shift_theta)) * bounded(conditioner(y, scale_theta), scale).neg().exp()

    jacobian = torch.func.vmap(torch.func.jacrev(lambda one: whiten(one[None])[0]))(x)
    return whiten(x), jacobian.diagonal(dim1=1, dim2=2).abs().log().sum(1)


@form("masked_autoregressive", "autograd", framework="autograd")
def maf_forward_in_autograd(x, shift_theta, scale_theta, conditioner, scale):
    a = conditioner(x, scale_theta)
    a = anp.tanh(a) if scale == "bounded" else a
    return (x - conditioner(x, shift_theta)) / anp.exp(a), -anp.sum(a, axis=1)


@form("masked_autoregressive_inverse", "short ports of MAF, a column written at a time")
def maf_by_columns(z, shift_theta, scale_theta, conditioner, scale):
    x = torch.zeros_like(z)
    for i_col in range(z.shape[1]):
        m, a = conditioner(x, shift_theta), bounded(conditioner(x, scale_theta), scale)
        x = x.clone()
        x[:, i_col] = z[:, i_col] * torch.exp(a[:, i_col]) + m[:, i_col]
    return x, bounded(conditioner(x, scale_theta), scale).sum(-1)


@form("masked_autoregressive_inverse", "a library that iterates the whole layer as often as there are features")
def maf_by_sweeps(z, shift_theta, scale_theta, conditioner, scale):
    outputs, logabsdet = torch.zeros_like(z), None
    for _ in range(z.shape[1]):
        s = torch.exp(bounded(conditioner(outputs, scale_theta), scale))
        outputs = z * s + conditioner(outputs, shift_theta)
        logabsdet = torch.log(s).sum(-1)
    return outputs, logabsdet


@form("masked_autoregressive_inverse", "sampling that stacks what is known and pads it")
def maf_by_stacking(z, shift_theta, scale_theta, conditioner, scale):
    known, log_det, dim = [], 0.0, z.shape[-1]
    for d in range(dim):
        padded = torch.stack([*known, *[torch.zeros_like(z[:, 0])] * (dim - d)], dim=-1)
        mu, log_std = conditioner(padded, shift_theta)[:, d], bounded(conditioner(padded, scale_theta)[:, d], scale)
        known.append(torch.addcmul(mu, log_std.exp(), z[:, d]))
        log_det = log_det + log_std
    return torch.stack(known, dim=1), log_det


@form("masked_autoregressive_inverse", "the density's determinant at the sample, its sign changed")
def maf_of_the_sample(z, shift_theta, scale_theta, conditioner, scale):
    x = maf_by_columns(z, shift_theta, scale_theta, conditioner, scale)[0]
    return x, -maf_direct(x, shift_theta, scale_theta, conditioner, scale)[1]


@form("masked_autoregressive_inverse", "two log-densities of one draw, by change of variables")
def maf_of_densities(z, shift_theta, scale_theta, conditioner, scale):
    log_normal = lambda e: -0.5 * (e**2 + math.log(2 * math.pi)).sum(1)
    x, _ = maf_by_sweeps(z, shift_theta, scale_theta, conditioner, scale)
    u, log_det = maf_of_scales(x, shift_theta, scale_theta, conditioner, scale)
    return x, log_normal(u) - (log_normal(u) + log_det)


@form("masked_autoregressive_inverse", "autograd, columns by a mask", framework="autograd")
def maf_inverse_in_autograd(z, shift_theta, scale_theta, conditioner, scale):
    log_scale = lambda x: anp.tanh(conditioner(x, scale_theta)) if scale == "bounded" else conditioner(x, scale_theta)
    x = anp.zeros(z.shape, dtype=z.dtype)
    for column in anp.eye(z.shape[1], dtype=z.dtype):
        x = x + column * (z * anp.exp(log_scale(x)) + conditioner(x, shift_theta))
    return x, anp.sum(log_scale(x), axis=1)
