"""Forms of flows of several layers."""

import math

import autograd.numpy as anp
import numpy as np
import torch
from torch import distributions

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


def of_layer(theta, n):
    return {name: entry[n] for name, entry in theta.items()}


def count(theta):
    return next(iter(theta.values())).shape[0]


@form("normalizing_flow_log_density", "flow libraries: a list of layers, walked back, and a multivariate normal base")
def likelihood_of_layers(x, theta, transform, order):
    log_dets, z = [], x
    for n in reversed(range(count(theta))):
        z, log_det = transform.inverse(z, of_layer(theta, n))
        log_dets.append(log_det)
        if n > 0 and order == "reverse":
            z = z[:, torch.arange(z.shape[1] - 1, -1, -1)]
    many = x.shape[1]
    base = distributions.MultivariateNormal(torch.zeros(many, dtype=x.dtype), torch.eye(many, dtype=x.dtype))
    return base.log_prob(z) + torch.stack(log_dets).sum(0)


@form("normalizing_flow_log_density", "a recursion over the layers in autograd", framework="autograd")
def likelihood_by_recursion(x, theta, transform, order):
    def log_p(y, layers):
        if layers == 0:
            return -0.5 * anp.sum(y**2 + math.log(2 * math.pi), axis=1)
        if layers < count(theta) and order == "reverse":
            y = anp.fliplr(y)
        inner, log_det = transform.inverse(y, of_layer(theta, layers - 1))
        return log_p(inner, layers - 1) + log_det

    return log_p(x, count(theta))


@form("normalizing_flow_log_density", "NumPy with a tape of the layers' backwards", framework="numpy")
def likelihood_on_a_tape(x, theta, transform, order):
    z, total, tape = x, 0.0, []
    for n in reversed(range(count(theta))):
        (z, log_det), backward = transform.inverse_vjp(z, of_layer(theta, n))
        total, turn = total + log_det, n > 0 and order == "reverse"
        z = np.fliplr(z) if turn else z
        tape.append((n, turn, backward))

    def backward(bar):
        g, grads = -z * bar[:, None], {name: np.zeros_like(entry) for name, entry in theta.items()}
        while tape:
            n, turn, back = tape.pop()
            found = back(np.fliplr(g) if turn else g, bar)
            g = found["x"]
            for name, entry in found["theta"].items():
                grads[name][n] = entry
        return {"x": g, "theta": grads}

    return -0.5 * (z**2).sum(1) - z.shape[1] * 0.5 * np.log(2 * np.pi) + total, backward


@form("normalizing_flow_sample", "variational inference with flows: log q along the transformed draw")
def variational_sample(z, theta, transform, order):
    log_q, x = -0.5 * (z.pow(2) + math.log(2 * math.pi)).sum(1), z
    for n in range(count(theta)):
        if n and order == "reverse":
            x = torch.flip(x, dims=(1,))
        x, log_det = transform.forward(x, of_layer(theta, n))
        log_q = log_q - log_det
    return {"x": x, "log_density": log_q}


@form("normalizing_flow_sample", "samples first, their log-density from the inverses afterwards")
def sample_then_density(z, theta, transform, order):
    x = z
    for n in range(count(theta)):
        x = transform.forward(torch.fliplr(x) if n and order == "reverse" else x, of_layer(theta, n))[0]
    return {"x": x, "log_density": likelihood_of_layers(x, theta, transform, order)}


@form("normalizing_flow_sample", "autograd, the sum of all log-determinants at once", framework="autograd")
def sample_in_autograd(z, theta, transform, order):
    x, dets = z, []
    for n in range(count(theta)):
        x, log_det = transform.forward(x[:, ::-1] if n and order == "reverse" else x, of_layer(theta, n))
        dets.append(log_det)
    base = -0.5 * anp.sum(z * z, axis=1) - 0.5 * z.shape[1] * anp.log(2 * anp.pi)
    return {"x": x, "log_density": base - sum(dets)}
