"""Forms of Boltzmann machines."""

import autograd.numpy as anp
import numpy as np
import torch

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("boltzmann_energy", "a quadratic form by bmm")
def energy_by_bmm(y, W, b):
    pair = torch.bmm(y[:, None, :] @ W, y[:, :, None])[:, 0, 0]
    return -(0.5 * pair + (y * b).sum(-1))


@form("boltzmann_energy", "the score of a state, as a probabilistic program has it",
      convention="minus the energy, an unnormalised log-probability")
def log_weight_of_a_state(y, W, b):
    return 0.5 * ((y @ W) * y).sum(1) + y @ b


@form("boltzmann_energy", "binary quadratic optimisation, xᵀQx", framework="autograd",
      convention="without the half, −yᵀWy")
def qubo(y, W, b):
    return -anp.einsum("bi,ij,bj->b", y, W, y) - anp.dot(y, b)


@form("boltzmann_energy", "by hand, example by example", framework="numpy")
def energy_by_hand(y, W, b):
    value = np.array([-0.5 * s @ W @ s - b @ s for s in y], dtype=y.dtype).reshape(len(y))

    def backward(bar):
        of_w = np.zeros_like(W)
        for g, s in zip(bar, y, strict=True):
            of_w -= 0.5 * g * np.outer(s, s)
        return {"y": -bar[:, None] * (0.5 * (y @ W + y @ W.T) + b), "W": of_w, "b": -(bar[:, None] * y).sum(0)}

    return value, backward


@form("boltzmann_conditional", "a logistic function of the gap of energy, unit by unit")
def by_the_gap(y, W, b, temperature):
    def energy(s):
        return -0.5 * ((s @ W) * s).sum(-1) - s @ b

    columns = []
    for i in range(y.shape[1]):
        unit = torch.eye(y.shape[1], dtype=y.dtype)[i]
        off = y * (1 - unit)
        columns.append(torch.sigmoid((energy(off) - energy(off + unit)) / temperature))
    return torch.stack(columns, 1)


@form("boltzmann_conditional", "autograd, with an inverse temperature", framework="autograd")
def conditional_in_autograd(y, W, b, temperature):
    beta = 1 / temperature
    w = 0.5 * (W + W.T)
    a = anp.dot(y, w) - y * anp.diag(w) + 0.5 * anp.diag(w) + b
    return 0.5 * (1 + anp.tanh(0.5 * beta * a))


@form("boltzmann_conditional", "by hand", framework="numpy")
def conditional_by_hand(y, W, b, temperature):
    w = W / 2 + W.T / 2
    d = w.diagonal().copy()
    np.fill_diagonal(w, 0)
    z = (y @ w + d / 2 + b) / temperature
    p = np.where(z > 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))
    slope = np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2

    def backward(bar):
        f = bar * slope / temperature
        g = (f.T @ y + y.T @ f) / 2
        np.fill_diagonal(g, f.sum(0) / 2)
        return {"y": f @ w, "W": g, "b": f.sum(0), "temperature": -(f * z).sum()}

    return p, backward


@form("boltzmann_gibbs_chain", "a sampler's inner loop, fields kept up to date")
def with_running_fields(y, W, b, temperature, u):
    w = (W + W.T) / 2
    own = torch.diagonal(w).clone()
    w = w - torch.diag(own)
    s, out = y.clone(), torch.zeros(u.shape, dtype=torch.int64)
    field = s @ w + own / 2 + b
    for t in range(u.shape[1]):
        for i in range(u.shape[2]):
            new = (u[:, t, i] < torch.sigmoid(field[:, i] / temperature)).to(s.dtype)
            field = field + (new - s[:, i])[:, None] * w[i]
            s[:, i] = new
        out[:, t] = s.long()
    return out


@form("boltzmann_gibbs_chain", "NumPy, by the logit of the noise", framework="numpy")
def by_the_logit(y, W, b, temperature, u):
    s, out = y.copy(), np.zeros(u.shape, dtype=np.int64)
    with np.errstate(divide="ignore"):
        logit = np.log(u) - np.log1p(-u)
    for t in range(u.shape[1]):
        for i in range(u.shape[2]):
            s[:, i] = 0
            gap = 0.5 * (s @ W[i] + s @ W[:, i] + W[i, i]) + b[i]
            s[:, i] = logit[:, t, i] < gap / temperature
        out[:, t] = s
    return out


def by_counting(units, dtype):
    return torch.tensor([[s >> i & 1 for i in range(units)] for s in range(2**units)], dtype=dtype)


@form("boltzmann_log_likelihood", "a loss over all states", convention="the negative log-likelihood, a loss")
def exact_nll(y, W, b, temperature):
    def negative_energy(s):
        return 0.5 * torch.einsum("bi,ij,bj->b", s, W, s) + s @ b

    scores = negative_energy(by_counting(y.shape[1], y.dtype)) / temperature
    return torch.logsumexp(scores, 0) - negative_energy(y) / temperature


@form("boltzmann_log_likelihood", "autograd, tied by hand", framework="autograd")
def likelihood_in_autograd(y, W, b, temperature):
    w = (W + W.T) / 2
    score = lambda s: (anp.sum(anp.dot(s, w) * s, axis=1) / 2 + anp.dot(s, b)) / temperature
    every = np.array([[s >> i & 1 for i in range(y.shape[1])] for s in range(2 ** y.shape[1])], float)
    scores = score(every)
    top = anp.max(scores)
    return score(y) - top - anp.log(anp.sum(anp.exp(scores - top)))


@form("boltzmann_log_likelihood", "clamped less free statistics, by hand", framework="numpy")
def clamped_less_free(y, W, b, temperature):
    n = y.shape[1]
    every = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(y.dtype)
    energy = lambda s: -0.5 * ((s @ W) * s).sum(1) - s @ b
    e = -energy(every) / temperature
    p = np.exp(e - e.max())
    log_z = e.max() + np.log(p.sum())
    p = p / p.sum()

    def backward(bar):
        clamped, free = (y * bar[:, None]).T @ y, bar.sum() * (every.T @ (p[:, None] * every))
        return {"y": bar[:, None] * (y @ (W + W.T) / 2 + b) / temperature, "W": 0.5 * (clamped - free) / temperature,
                "b": (bar[:, None] * (y - p @ every)).sum(0) / temperature,
                "temperature": (bar * (energy(y) - p @ energy(every))).sum() / temperature**2}

    return -energy(y) / temperature - log_z, backward
