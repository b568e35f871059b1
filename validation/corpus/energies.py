"""Forms of energies and of their scores."""

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from autograd import elementwise_grad

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
TORCH = {"tanh": torch.tanh, "softplus": lambda a: torch.logaddexp(a, 0 * a), "silu": F.silu}
AUTOGRAD = {
    "tanh": anp.tanh,
    "softplus": lambda a: anp.logaddexp(0.0, a),
    "silu": lambda a: a / (1 + anp.exp(-a)),
}


def energy_in_torch(x, theta, activation):
    depth = len(theta) // 2
    for n in range(1, depth):
        x = TORCH[activation](F.linear(x, theta[f"W{n}"], theta[f"b{n}"]))
    return F.linear(x, theta[f"W{depth}"], theta[f"b{depth}"])[:, 0]


@form("energy_score", "energy-based models: autograd.grad of the energies' sum, with its graph")
def score_by_create_graph(x, theta, activation):
    energy = energy_in_torch(x, theta, activation)
    (slope,) = torch.autograd.grad(energy.sum(), x, create_graph=True)
    return {"energy": energy, "score": -slope}


@form("energy_score", "functional code: vmap of the gradient at one point")
def score_by_vmap(x, theta, activation):
    one = lambda row: energy_in_torch(row[None], theta, activation)[0]
    slope, energy = torch.func.vmap(torch.func.grad_and_value(one))(x)
    return {"energy": energy, "score": -slope}


@form("energy_score", "forces of a potential in autograd", framework="autograd")
def forces_in_autograd(x, theta, activation):
    def energy(x):
        depth = len(theta) // 2
        for n in range(1, depth):
            x = AUTOGRAD[activation](anp.dot(x, theta[f"W{n}"].T) + theta[f"b{n}"])
        return (anp.dot(x, theta[f"W{depth}"].T) + theta[f"b{depth}"])[:, 0]

    return {"energy": energy(x), "score": -elementwise_grad(energy)(x)}


def sigma(a):
    return 0.5 * (1 + np.tanh(a / 2))


NUMPY = {  # φ, φ', φ''
    "tanh": lambda a: (np.tanh(a), 1 / np.cosh(a) ** 2, -2 * np.tanh(a) / np.cosh(a) ** 2),
    "softplus": lambda a: (np.logaddexp(0, a), sigma(a), sigma(a) * sigma(-a)),
    "silu": lambda a: (a * sigma(a), sigma(a) * (1 + a * sigma(-a)),
                       sigma(a) * sigma(-a) * (2 + a * (sigma(-a) - sigma(a)))),
}


@form("energy_score", "a NumPy potential whose forces' backward is a product with the Hessian, layer by layer",
      framework="numpy")
def potential_with_hessian_products(x, theta, activation):
    depth = len(theta) // 2
    inputs, kept = [x], []
    for n in range(1, depth):
        value, *slopes = NUMPY[activation](inputs[-1] @ theta[f"W{n}"].T + theta[f"b{n}"])
        inputs.append(value)
        kept.append(slopes)
    energy = inputs[-1] @ theta[f"W{depth}"][0] + theta[f"b{depth}"]
    forces = [np.repeat(theta[f"W{depth}"], len(x), axis=0)]  # ∂E/∂h, from the last layer on
    for n in range(depth - 1, 0, -1):
        forces.append((kept[n - 1][0] * forces[-1]) @ theta[f"W{n}"])

    def backward(energy_bar, score_bar):
        grads, push, along = {}, [], -score_bar  # along the direction of −s_bar
        for n in range(1, depth):
            move = along @ theta[f"W{n}"].T
            push.append((along, move))
            along = kept[n - 1][0] * move
        grads[f"W{depth}"] = energy_bar[None] @ inputs[-1] + along.sum(axis=0, keepdims=True)
        grads[f"b{depth}"] = energy_bar.sum(keepdims=True)
        bar = energy_bar[:, None] * theta[f"W{depth}"]
        for n in range(depth - 1, 0, -1):
            slope, bend = kept[n - 1]
            force, (before, move) = forces[depth - 1 - n], push[n - 1]
            bar = slope * bar + bend * move * force
            grads[f"W{n}"] = bar.T @ inputs[n - 1] + (slope * force).T @ before
            grads[f"b{n}"] = bar.sum(axis=0)
            bar = bar @ theta[f"W{n}"]
        return {"x": bar, "theta": grads}

    return {"energy": energy, "score": -forces[-1]}, backward
