"""The candidate "autograd": the same losses as a careful user writes them, the trace by nested differentiation.

"autograd, algebra given" has the tangents of implicit score matching written out by hand, with the first one shared
by the batch and the trace taken without forming the tangent of the output: most of what our code knows of it.
"""

import autograd.numpy as np
from autograd import make_vjp, value_and_grad
from autograd.tracer import getval

from .workloads import Arrays, Program, Size


def silu(a):
    return a / (1 + np.exp(-a))


def silu_and_slope(a):
    g = 1 / (1 + np.exp(-a))
    f = a * g
    return f, g + f * (1 - g)


def network(h, theta, phi):
    depth = len(theta) // 2
    for layer in range(1, depth):
        h = phi(np.dot(h, theta[f"W{layer}"].T) + theta[f"b{layer}"])
    return np.dot(h, theta[f"W{depth}"].T) + theta[f"b{depth}"]


def gumbel(arrays: Arrays, size: Size) -> Program:
    g, y_bar = arrays["gumbel"], arrays["y_bar"]

    def soft(logits_and_tau):
        logits, tau = logits_and_tau
        z = (logits + g) / tau
        e = np.exp(z - getval(z).max(axis=-1, keepdims=True))  # a constant: its useless derivative is not taken
        return e / np.sum(e, axis=-1, keepdims=True)

    at = arrays["logits"], arrays["tau"]

    def gradient():
        pullback, y = make_vjp(soft)(at)
        return y, dict(zip(("logits", "tau"), pullback(y_bar), strict=True))

    return lambda: soft(at), gradient


def mlp(arrays: Arrays, size: Size) -> Program:
    def loss(theta):
        error = network(arrays["x"], theta, silu) - arrays["target"]
        return np.sum(error * error) / size.batch

    return _program(loss, arrays["theta"])


def ism(arrays: Arrays, size: Size) -> Program:
    def loss(theta):
        s_pullback, s = make_vjp(lambda x: network(x, theta, silu))(arrays["x"])
        total = np.sum(s * s) / 2
        for axis in np.eye(size.inputs, dtype=arrays["x"].dtype):
            total = total + np.sum(s_pullback(axis * np.ones_like(arrays["x"])) * axis)
        return total / size.batch

    return _program(loss, arrays["theta"])


def dsm(arrays: Arrays, size: Size) -> Program:
    def loss(theta):
        r = network(arrays["x"], theta, silu) + arrays["eps"] / arrays["sigma"][:, None]
        return np.sum(r * r) / (2 * size.batch)

    return _program(loss, arrays["theta"])


def sliced(arrays: Arrays, size: Size) -> Program:
    probe = arrays["probe"][:, 0]

    def loss(theta):
        s_pullback, s = make_vjp(lambda x: network(x, theta, silu))(arrays["x"])
        return (np.sum(s * s) / 2 + np.sum(s_pullback(probe) * probe)) / size.batch

    return _program(loss, arrays["theta"])


def ffjord(arrays: Arrays, size: Size) -> Program:
    probe, (t0, t1) = arrays["probe"][:, 0], (arrays["t0"], arrays["t1"])

    def loss(theta):
        h = (t0 - t1) / size.steps
        column = np.ones((size.batch, 1), dtype=probe.dtype)

        def f(z, t):
            pullback, rate = make_vjp(lambda z: network(np.concatenate([z, t * column], axis=1), theta, np.tanh))(z)
            return rate, -np.sum(pullback(probe) * probe, axis=1)

        z, change = arrays["x"], 0.0
        for n in range(size.steps):
            t = t1 + n * h
            k1, l1 = f(z, t)
            k2, l2 = f(z + h / 2 * k1, t + h / 2)
            k3, l3 = f(z + h / 2 * k2, t + h / 2)
            k4, l4 = f(z + h * k3, t + h)
            z = z + h / 6 * (k1 + 2 * (k2 + k3) + k4)
            change = change + h / 6 * (l1 + 2 * (l2 + l3) + l4)
        normal = -np.sum(z * z) / 2 - size.batch * size.inputs * np.log(2 * np.pi) / 2
        return (normal - np.sum(change)) / size.batch

    return _program(loss, arrays["theta"])


def closed_form(arrays: Arrays, size: Size) -> Program:
    def loss(theta):
        a = np.dot(arrays["x"], theta["W1"].T) + theta["b1"]
        h, slope = silu_and_slope(a)
        s = np.dot(h, theta["W2"].T) + theta["b2"]
        return (np.sum(s * s) / 2 + np.sum(slope * np.sum(theta["W1"] * theta["W2"].T, axis=1))) / size.batch

    return _program(loss, arrays["theta"])


def tangents_by_hand(arrays: Arrays, size: Size) -> Program:
    def loss(theta):
        depth = len(theta) // 2
        h, tangent = arrays["x"], None
        for layer in range(1, depth):
            weight = theta[f"W{layer}"]
            h, slope = silu_and_slope(np.dot(h, weight.T) + theta[f"b{layer}"])
            moved = weight.T[None] if tangent is None else np.matmul(tangent, weight.T)
            tangent = slope[:, None, :] * moved
        s = np.dot(h, theta[f"W{depth}"].T) + theta[f"b{depth}"]
        return (np.sum(s * s) / 2 + np.sum(tangent * theta[f"W{depth}"])) / size.batch

    return _program(loss, arrays["theta"])


def ode(arrays: Arrays, size: Size) -> Program:
    t0, t1 = arrays["t0"], arrays["t1"]

    def loss(z0_and_theta):
        z, theta = z0_and_theta
        h = (t1 - t0) / size.steps
        column = np.ones((size.batch, 1), dtype=arrays["z0"].dtype)

        def f(z, t):
            return network(np.concatenate([z, t * column], axis=1), theta, np.tanh)

        for n in range(size.steps):
            t = t0 + n * h
            k1 = f(z, t)
            k2 = f(z + h / 2 * k1, t + h / 2)
            k3 = f(z + h / 2 * k2, t + h / 2)
            k4 = f(z + h * k3, t + h)
            z = z + h / 6 * (k1 + 2 * (k2 + k3) + k4)
        return np.sum(z * z) / size.batch

    at = arrays["z0"], arrays["theta"]
    both = value_and_grad(loss)

    def gradient():
        value, (z0_bar, theta_bar) = both(at)
        return value, {"z0": z0_bar} | theta_bar

    return lambda: loss(at), gradient


def _program(loss, theta):
    both = value_and_grad(loss)
    return lambda: loss(theta), lambda: both(theta)


PROGRAMS = {"gumbel": gumbel, "mlp": mlp, "dsm": dsm, "sliced": sliced, "ism": ism, "shallow": ism, "ode": ode,
            "ffjord": ffjord}
GIVEN = {"ism": tangents_by_hand, "shallow": closed_form}


def autograd(workload: str, arrays: Arrays, size: Size) -> Program:
    return PROGRAMS[workload](arrays, size)


def given(workload: str, arrays: Arrays, size: Size) -> Program:
    return GIVEN[workload](arrays, size)
