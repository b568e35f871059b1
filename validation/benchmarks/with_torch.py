"""The candidate "torch": eager PyTorch on the CPU, with its own fused functions, the trace by double backpropagation.

"torch, algebra given" has the tangents of implicit score matching written out by hand, as for autograd: faster than
double backpropagation and than `torch.func.jvp`.
"""

import math

import torch
from torch.nn.functional import linear
from torch.nn.functional import silu as torch_silu

from .workloads import Arrays, Program, Size

torch.set_num_threads(1)


def network(h, theta, phi):
    depth = len(theta) // 2
    for layer in range(1, depth):
        h = phi(linear(h, theta[f"W{layer}"], theta[f"b{layer}"]))
    return linear(h, theta[f"W{depth}"], theta[f"b{depth}"])


def gumbel(arrays: Arrays, size: Size) -> Program:
    g, y_bar = arrays["gumbel"], arrays["y_bar"]
    leaves = {name: arrays[name].requires_grad_() for name in ("logits", "tau")}

    def soft():
        return torch.softmax((leaves["logits"] + g) / leaves["tau"], dim=-1)

    def gradient():
        y = soft()
        return y.detach(), dict(zip(leaves, torch.autograd.grad(y, tuple(leaves.values()), y_bar), strict=True))

    return _without_graph(soft), gradient


def mlp(arrays: Arrays, size: Size) -> Program:
    def loss(theta):
        error = network(arrays["x"], theta, torch_silu) - arrays["target"]
        return (error * error).sum() / size.batch

    return _program(loss, arrays["theta"])


def ism(arrays: Arrays, size: Size) -> Program:
    x = arrays["x"].requires_grad_()

    def loss(theta):
        with torch.enable_grad():  # the value alone needs the first derivatives too
            s = network(x, theta, torch_silu)
            rows = (torch.autograd.grad(s[:, d].sum(), x, create_graph=True)[0][:, d] for d in range(size.inputs))
            return ((s * s).sum() / 2 + sum(row.sum() for row in rows)) / size.batch

    return _program(loss, arrays["theta"])


def dsm(arrays: Arrays, size: Size) -> Program:
    def loss(theta):
        r = network(arrays["x"], theta, torch_silu) + arrays["eps"] / arrays["sigma"][:, None]
        return (r * r).sum() / (2 * size.batch)

    return _program(loss, arrays["theta"])


def sliced(arrays: Arrays, size: Size) -> Program:
    x, probe = arrays["x"].requires_grad_(), arrays["probe"][:, 0]

    def loss(theta):
        with torch.enable_grad():
            s = network(x, theta, torch_silu)
            (row,) = torch.autograd.grad(s, x, probe, create_graph=True)
            return ((s * s).sum() / 2 + (row * probe).sum()) / size.batch

    return _program(loss, arrays["theta"])


def ffjord(arrays: Arrays, size: Size) -> Program:
    probe, t0, t1 = arrays["probe"][:, 0], arrays["t0"], arrays["t1"]
    column = torch.ones((size.batch, 1), dtype=probe.dtype)

    def loss(theta):
        h = (t0 - t1) / size.steps

        def f(z, t):
            rate = network(torch.cat([z, t * column], dim=1), theta, torch.tanh)
            (row,) = torch.autograd.grad(rate, z, probe, create_graph=True)
            return rate, -(row * probe).sum(1)

        with torch.enable_grad():
            z, change = arrays["x"].detach().requires_grad_(), 0.0
            for n in range(size.steps):
                t = t1 + n * h
                k1, l1 = f(z, t)
                k2, l2 = f(z + h / 2 * k1, t + h / 2)
                k3, l3 = f(z + h / 2 * k2, t + h / 2)
                k4, l4 = f(z + h * k3, t + h)
                z = z + h / 6 * (k1 + 2 * (k2 + k3) + k4)
                change = change + h / 6 * (l1 + 2 * (l2 + l3) + l4)
            normal = -(z * z).sum() / 2 - size.batch * size.inputs * math.log(2 * math.pi) / 2
            return (normal - change.sum()) / size.batch

    return _program(loss, arrays["theta"])


def closed_form(arrays: Arrays, size: Size) -> Program:
    def loss(theta):
        a = linear(arrays["x"], theta["W1"], theta["b1"])
        g = torch.sigmoid(a)
        h = a * g
        s = linear(h, theta["W2"], theta["b2"])
        trace = (g + h * (1 - g)) @ (theta["W1"] * theta["W2"].T).sum(1)
        return ((s * s).sum() / 2 + trace.sum()) / size.batch

    return _program(loss, arrays["theta"])


def tangents_by_hand(arrays: Arrays, size: Size) -> Program:
    def loss(theta):
        depth = len(theta) // 2
        h, tangent = arrays["x"], None
        for layer in range(1, depth):
            weight = theta[f"W{layer}"]
            a = linear(h, weight, theta[f"b{layer}"])
            g = torch.sigmoid(a)
            h = a * g
            slope = g + h * (1 - g)
            moved = weight.T[None] if tangent is None else tangent @ weight.T
            tangent = slope[:, None, :] * moved
        s = linear(h, theta[f"W{depth}"], theta[f"b{depth}"])
        return ((s * s).sum() / 2 + (tangent * theta[f"W{depth}"]).sum()) / size.batch

    return _program(loss, arrays["theta"])


def ode(arrays: Arrays, size: Size) -> Program:
    t0, t1 = arrays["t0"], arrays["t1"]

    def loss(leaves):
        z = leaves["z0"]
        theta = {name: leaf for name, leaf in leaves.items() if name != "z0"}
        h = (t1 - t0) / size.steps
        column = torch.ones((size.batch, 1), dtype=z.dtype)

        def f(z, t):
            return network(torch.cat([z, t * column], dim=1), theta, torch.tanh)

        for n in range(size.steps):
            t = t0 + n * h
            k1 = f(z, t)
            k2 = f(z + h / 2 * k1, t + h / 2)
            k3 = f(z + h / 2 * k2, t + h / 2)
            k4 = f(z + h * k3, t + h)
            z = z + h / 6 * (k1 + 2 * (k2 + k3) + k4)
        return (z * z).sum() / size.batch

    return _program(loss, {"z0": arrays["z0"]} | arrays["theta"])


def _program(loss, leaves):
    leaves = {name: leaf.requires_grad_() for name, leaf in leaves.items()}

    def gradient():
        value = gradient.loss(leaves)
        return value.detach(), dict(zip(leaves, torch.autograd.grad(value, tuple(leaves.values())), strict=True))

    gradient.loss = loss  # which may be compiled
    return _without_graph(lambda: loss(leaves)), gradient


def _without_graph(f):
    def value():
        with torch.no_grad():
            return f()

    return value


PROGRAMS = {"gumbel": gumbel, "mlp": mlp, "dsm": dsm, "sliced": sliced, "ism": ism, "shallow": ism, "ode": ode,
            "ffjord": ffjord}
GIVEN = {"ism": tangents_by_hand, "shallow": closed_form}


def tensors(arrays):
    return {n: tensors(a) if isinstance(a, dict) else torch.tensor(a) for n, a in arrays.items()}


def torch_eager(workload: str, arrays: Arrays, size: Size) -> Program:
    return PROGRAMS[workload](tensors(arrays), size)


def given(workload: str, arrays: Arrays, size: Size) -> Program:
    return GIVEN[workload](tensors(arrays), size)
