"""Forms of deep Boltzmann machines."""

import autograd.numpy as anp
import numpy as np
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("dbm_mean_field", "layers as linear maps")
def inference_by_linear_maps(v, start, W1, W2, c1, c2, iterations):
    mu2 = start
    bottom_up = F.linear(v, W1, c1)
    for _ in range(iterations):
        mu1 = (bottom_up + mu2.mm(W2)).sigmoid()
        mu2 = F.linear(mu1, W2, c2).sigmoid()
    return {"mean1": mu1, "mean2": mu2}


@form("dbm_mean_field", "autograd, by tanh", framework="autograd")
def inference_by_tanh(v, start, W1, W2, c1, c2, iterations):
    mu2 = start
    for _ in range(iterations):
        mu1 = 0.5 + 0.5 * anp.tanh(0.5 * (anp.dot(v, W1.T) + anp.dot(mu2, W2) + c1))
        mu2 = 0.5 + 0.5 * anp.tanh(0.5 * (anp.dot(mu1, W2.T) + c2))
    return {"mean1": mu1, "mean2": mu2}


@form("dbm_mean_field", "by hand", framework="numpy")
def inference_by_hand(v, start, W1, W2, c1, c2, iterations):
    def logistic(a):
        e = np.exp(-np.abs(a))
        return np.where(a >= 0, 1 / (1 + e), e / (1 + e)), e / (1 + e) ** 2

    tape, mu2 = [], start
    for _ in range(iterations):
        old = mu2
        mu1, s1 = logistic(v @ W1.T + old @ W2 + c1)
        mu2, s2 = logistic(mu1 @ W2.T + c2)
        tape.append((old, mu1, s1, s2))

    def backward(g1, g2):
        grads = {n: np.zeros_like(x) for n, x in (("v", v), ("W1", W1), ("W2", W2), ("c1", c1), ("c2", c2))}
        for old, m1, s1, s2 in tape[::-1]:
            d2 = g2 * s2
            d1 = (g1 + d2 @ W2) * s1
            grads["W2"] += d2.T @ m1 + old.T @ d1
            grads["W1"] += d1.T @ v
            grads["v"] += d1 @ W1
            grads["c1"] += d1.sum(0)
            grads["c2"] += d2.sum(0)
            g1, g2 = np.zeros_like(g1), d1 @ W2.T
        return grads | {"start": g2}

    return {"mean1": mu1, "mean2": mu2}, backward
