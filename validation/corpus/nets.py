"""Forms of layers, perceptrons, their tangents, and embeddings of times."""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
TORCH = {"tanh": torch.tanh, "softplus": lambda a: torch.logaddexp(a, 0 * a), "silu": F.silu, "relu": F.relu}
AUTOGRAD = {
    "tanh": anp.tanh,
    "softplus": lambda a: anp.logaddexp(0.0, a),
    "silu": lambda a: a * anp.exp(-anp.logaddexp(0.0, -a)),
    "relu": lambda a: anp.where(a > 0, a, 0.0),
}


def sigmoid(a):
    return np.where(a > 0, 1 / (1 + np.exp(-np.abs(a))), np.exp(-np.abs(a)) / (1 + np.exp(-np.abs(a))))


NUMPY = {  # each with its derivative
    "tanh": (np.tanh, lambda a: 1 - np.tanh(a) ** 2),
    "softplus": (lambda a: np.logaddexp(0, a), sigmoid),
    "silu": (lambda a: a * sigmoid(a), lambda a: sigmoid(a) * (1 + a * (1 - sigmoid(a)))),
    "relu": (lambda a: np.maximum(a, 0), lambda a: (a > 0).astype(a.dtype)),
}


@form("affine", "models on torch's own function")
def linear_of_torch(x, W, b):
    return F.linear(x, W, b)


@form("affine", "scripts that write the product")
def linear_by_matmul(x, W, b):
    return torch.matmul(x, W.t()) + b


@form("affine", "code that names its axes")
def linear_by_einsum(x, W, b):
    return torch.einsum("bi,oi->bo", x, W) + b[None, :]


@form("affine", "1×1 convolutions")
def linear_by_convolution(x, W, b):
    return F.conv1d(x.unsqueeze(-1), W.unsqueeze(-1), b).squeeze(-1)


class LinearFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        return x.mm(weight.t()).add(bias)

    @staticmethod
    def backward(ctx, grad):
        x, weight = ctx.saved_tensors
        return grad.mm(weight), grad.t().mm(x), grad.sum(0)


form("affine", "tutorials on extending autograd")(LinearFunction)


@form("affine", "a NumPy layer with its backward", framework="numpy")
def linear_layer(x, W, b):
    return x @ W.T + b, lambda bar: {"x": bar @ W, "W": bar.T @ x, "b": bar.sum(axis=0)}


@form("affine", "autograd", framework="autograd")
def linear_in_autograd(x, W, b):
    return anp.dot(x, anp.transpose(W)) + b


@form("mlp", "functional models over a dictionary of parameters")
def mlp_in_torch(x, theta, activation):
    depth = len(theta) // 2
    for n in range(1, depth):
        x = TORCH[activation](F.linear(x, theta[f"W{n}"], theta[f"b{n}"]))
    return F.linear(x, theta[f"W{depth}"], theta[f"b{depth}"])


class Perceptron(nn.Module):
    """A module whose layers are named as ours; what it holds is replaced call by call."""

    def __init__(self, weights, activation):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype) for w in weights])
        self.activation = activation

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = TORCH[self.activation](layer(x))
        return self.layers[-1](x)


@form("mlp", "a module called with other parameters, as in meta-learning")
def mlp_of_a_module(x, theta, activation):
    depth = len(theta) // 2
    module = Perceptron([theta[f"W{n}"] for n in range(1, depth + 1)], activation)
    held = {f"layers.{n}.weight": theta[f"W{n + 1}"] for n in range(depth)}
    held |= {f"layers.{n}.bias": theta[f"b{n + 1}"] for n in range(depth)}
    return torch.func.functional_call(module, held, (x,))


@form("mlp", "autograd's neural-network example", framework="autograd")
def mlp_in_autograd(x, theta, activation):
    depth = len(theta) // 2
    for n in range(1, depth + 1):
        a = anp.dot(x, theta[f"W{n}"].T) + theta[f"b{n}"]
        x = AUTOGRAD[activation](a) if n < depth else a
    return x


@form("mlp", "backpropagation from scratch", framework="numpy")
def mlp_from_scratch(x, theta, activation):
    f, df = NUMPY[activation]
    depth, inputs, sums = len(theta) // 2, [x], []
    for n in range(1, depth + 1):
        sums.append(inputs[-1] @ theta[f"W{n}"].T + theta[f"b{n}"])
        inputs.append(f(sums[-1]) if n < depth else sums[-1])

    def pullback(delta):
        grads = {}
        for n in range(depth, 0, -1):
            if n < depth:
                delta = delta * df(sums[n - 1])
            grads[f"W{n}"], grads[f"b{n}"] = delta.T @ inputs[n - 1], delta.sum(0)
            delta = delta @ theta[f"W{n}"]
        return {"x": delta, "theta": grads}

    return inputs[-1], pullback


@form("mlp_tangent", "forward mode of torch.func, a direction at a time")
def tangent_by_jvp(x, x_dot, theta, activation):
    network = lambda x: mlp_in_torch(x, theta, activation)
    tangents = [torch.func.jvp(network, (x,), (x_dot[:, r],))[1] for r in range(x_dot.shape[1])]
    return network(x), torch.stack(tangents, dim=1)


@form("mlp_tangent", "two reverse passes, as before forward mode")
def tangent_by_double_backward(x, x_dot, theta, activation):
    y = mlp_in_torch(x, theta, activation)
    u = torch.zeros_like(y, requires_grad=True)
    (g,) = torch.autograd.grad(y, x, u, create_graph=True)
    found = [torch.autograd.grad(g, u, x_dot[:, r], create_graph=True)[0] for r in range(x_dot.shape[1])]
    return y, torch.stack(found, dim=1)


@form("mlp_tangent", "whole Jacobians by vmap, then a product")
def tangent_of_jacobian(x, x_dot, theta, activation):
    network = lambda x: mlp_in_torch(x[None], theta, activation)[0]
    jacobian = torch.func.vmap(torch.func.jacrev(network))(x)
    return mlp_in_torch(x, theta, activation), torch.einsum("bij,brj->bri", jacobian, x_dot)


@form("mlp_tangent", "tangents carried along by hand")
def tangent_carried(x, x_dot, theta, activation):
    slope = {
        "tanh": lambda a: 1 - torch.tanh(a) ** 2,
        "softplus": torch.sigmoid,
        "silu": lambda a: torch.sigmoid(a) * (1 + a * (1 - torch.sigmoid(a))),
    }[activation]
    depth = len(theta) // 2
    for n in range(1, depth + 1):
        a, x_dot = x @ theta[f"W{n}"].T + theta[f"b{n}"], x_dot @ theta[f"W{n}"].T
        if n < depth:
            x, x_dot = TORCH[activation](a), slope(a)[:, None] * x_dot
    return a, x_dot


def frequencies(features, spacing, like):
    half = features // 2
    last = max(half - 1, 1) if spacing == "half_minus_one" else half
    return torch.exp(torch.arange(half, dtype=like.dtype) * (-math.log(10000.0) / last))


@form("sinusoidal_embedding", "the embedding of DDPM's ports, the sines first")
def ddpm_embedding(t, features, spacing):
    emb = t[:, None] * frequencies(features, spacing, t)[None, :]
    return torch.cat([emb.sin(), emb.cos()], dim=-1)


@form("sinusoidal_embedding", "guided-diffusion and its heirs", convention="the cosines first")
def guided_embedding(t, features, spacing):
    args = t.unsqueeze(-1) * frequencies(features, spacing, t).unsqueeze(0)
    return torch.cat([torch.cos(args), torch.sin(args)], dim=1)


@form("sinusoidal_embedding", "positional encodings of transformers", convention="sines and cosines in turn")
def transformer_encoding(t, features, spacing):
    last = features if spacing == "half" else max(features - 2, 2)
    div = torch.exp(torch.arange(0, features, 2, dtype=t.dtype) * -(math.log(10000.0) / last))
    angles = t[:, None] * div
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


@form("sinusoidal_embedding", "libraries that form their frequencies in float32 always")
def embedding_in_float32(t, features, spacing):
    exponent = -math.log(10000) * torch.arange(features // 2, dtype=torch.float32)
    freqs = torch.exp(exponent / max(features // 2 - (spacing == "half_minus_one"), 1))
    emb = t[:, None].float() * freqs[None, :]
    return torch.cat([torch.sin(emb), torch.cos(emb)], dim=-1)


@form("sinusoidal_embedding", "powers of ten thousand", framework="autograd")
def embedding_by_powers(t, features, spacing):
    half = features // 2
    last = half if spacing == "half" else max(half - 1, 1)
    omega = (1.0 / 10000 ** (np.arange(half) / last)).astype(t.dtype)
    return anp.concatenate([anp.sin(anp.outer(t, omega)), anp.cos(anp.outer(t, omega))], axis=1)


@form("sinusoidal_embedding", "a NumPy table with its derivative", framework="numpy")
def embedding_by_hand(t, features, spacing):
    half = features // 2
    omega = np.exp(-np.log(10000.0) * np.arange(half) / (half if spacing == "half" else max(half - 1, 1)))
    angle = np.einsum("b,f->bf", t, omega.astype(t.dtype))

    def pullback(bar):
        s, c = bar[:, :half], bar[:, half:]
        return {"t": ((s * np.cos(angle) - c * np.sin(angle)) * omega.astype(t.dtype)).sum(axis=1)}

    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1), pullback
