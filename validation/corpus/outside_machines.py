"""Likelihoods of small Boltzmann machines, as checks of a sampler write them; their author has not read ours."""

import itertools

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
UNITS = {"v": "v", "U": "U", "W": "W", "V": "V"}


def product_states(n, like):
    return torch.tensor(list(itertools.product([0.0, 1.0], repeat=n)), dtype=like.dtype, device=like.device)


def counted_states(n):
    return (np.arange(2**n)[:, None] >> np.arange(n)) & 1


class Machine:
    """A restricted machine with its free energies, seen from either side."""

    def __init__(self, W, b, c):
        self.W, self.b, self.c = W, b, c

    def free_energy(self, v):
        return -v @ self.b - F.softplus(F.linear(v, self.W, self.c)).sum(dim=1)

    def free_energy_of_hidden(self, h):
        return -(h @ self.c) - torch.log1p(torch.exp(h @ self.W + self.b)).sum(1)

    def log_partition(self):
        return torch.logsumexp(-self.free_energy_of_hidden(product_states(len(self.c), self.W)), 0)


@form("rbm_log_likelihood", "a class with its free energy and an exact partition function; a loss",
      convention="the negative log-likelihood, a loss")
def outside_rbm_class(v, W, b, c):
    machine = Machine(W, b, c)
    return machine.free_energy(v) + machine.log_partition()


@form("rbm_log_likelihood", "the list of states doubled unit by unit, the batch averaged", reduction="mean")
def outside_rbm_doubling(v, W, b, c):
    fields, weight = b.unsqueeze(0), torch.zeros(1).to(b)
    for row, bias in zip(W, c, strict=True):
        fields, weight = torch.cat([fields, fields + row]), torch.cat([weight, weight + bias])
    log_z = torch.logsumexp(weight + torch.logaddexp(fields, torch.zeros_like(fields)).sum(-1), dim=0)
    hidden = torch.einsum("bd,hd->bh", v, W) + c
    log_p = torch.mv(v, b) + torch.logaddexp(hidden, torch.zeros_like(hidden)).sum(-1) - log_z
    return log_p.mean()


@form("rbm_log_likelihood", "autograd, bits of a counter, the maximum taken off", framework="autograd",
      convention="in bits")
def outside_rbm_autograd(v, W, b, c):
    h = counted_states(len(c)).astype(v.dtype)
    terms = anp.dot(h, c) + anp.sum(anp.logaddexp(0.0, anp.dot(h, W) + b), axis=1)
    top = anp.max(terms)
    log_z = top + anp.log(anp.sum(anp.exp(terms - top)))
    return (anp.dot(v, b) + anp.sum(anp.logaddexp(0.0, anp.dot(v, W.T) + c), axis=1) - log_z) / np.log(2)


@form("rbm_log_likelihood", "NumPy: moments of the data less those of the model", framework="numpy")
def outside_rbm_by_hand(v, W, b, c):
    def sigmoid(x):
        return np.where(x >= 0, 1, np.exp(-np.abs(x))) / (1 + np.exp(-np.abs(x)))

    h = counted_states(len(c)).astype(W.dtype)
    fields = h @ W + b
    score = h @ c + np.logaddexp(0, fields).sum(axis=1)
    chance = np.exp(score - score.max())
    log_z = score.max() + np.log(chance.sum())
    chance /= chance.sum()
    hidden = v @ W.T + c
    value = v @ b + np.logaddexp(0, hidden).sum(axis=1) - log_z

    def pullback(bar):
        p, model_v = sigmoid(hidden), sigmoid(fields)
        weighted, total = bar[:, None] * p, bar.sum()
        return {
            "v": bar[:, None] * (p @ W + b),
            "W": weighted.T @ v - total * (chance[:, None] * h).T @ model_v,
            "b": bar @ v - total * chance @ model_v,
            "c": weighted.sum(axis=0) - total * chance @ h,
        }

    return value, pullback


def energies(v, h, U, W, V, b, c):
    """(states of v, states of h), all pairs."""
    alone_v = 0.5 * torch.einsum("ni,ij,nj->n", v, U, v) + v @ b
    alone_h = 0.5 * torch.einsum("ni,ij,nj->n", h, V, h) + h @ c
    return -(alone_v[:, None] + v @ W.T @ h.T + alone_h)


@form("boltzmann_marginal_log_likelihood", "energies of all pairs of states by einsum")
def outside_bm_pairs(v, U, W, V, b, c, temperature):
    h, every = product_states(len(c), W), product_states(len(b), W)
    clamped = torch.logsumexp(-energies(v, h, U, W, V, b, c) / temperature, dim=1)
    return clamped - torch.logsumexp(-energies(every, h, U, W, V, b, c) / temperature, dim=(0, 1))


@form("boltzmann_marginal_log_likelihood", "one symmetric matrix for all units; an inverse temperature; a loss",
      arguments=UNITS | {"b": "b", "c": "c", "temperature": "beta"},
      convention="β = 1/T in place of T; the negative log-likelihood, a loss")
def outside_bm_block(v, U, W, V, b, c, beta):
    J = torch.cat([torch.cat([U, W.T], 1), torch.cat([W, V], 1)], 0)
    bias = torch.cat([b, c])

    def minus_energy(s):
        return beta * (((s @ J) * s).sum(-1) / 2 + s @ bias)

    h = product_states(len(c), J)
    joined = torch.cat([v[:, None].expand(-1, len(h), -1), h.expand(len(v), -1, -1)], dim=-1)
    free = minus_energy(product_states(len(bias), J)).logsumexp(0)
    return free - minus_energy(joined).logsumexp(1)


@form("boltzmann_marginal_log_likelihood", "thresholds, and a loop over the hidden states",
      arguments=UNITS | {"b": "theta_v", "c": "theta_h", "temperature": "temperature"}, convention="thresholds −b, −c")
def outside_bm_thresholds(v, U, W, V, theta_v, theta_h, temperature):
    def log_marginal(x):
        terms = []
        for state in itertools.product((0.0, 1.0), repeat=len(theta_h)):
            h = torch.tensor(state).to(x)
            own = torch.dot(h, V @ h) / 2 - torch.dot(theta_h, h)
            terms.append((own + x @ (W.T @ h) + 0.5 * (x * (x @ U.T)).sum(1) - x @ theta_v) / temperature)
        return torch.stack(terms).logsumexp(0)

    return log_marginal(v) - log_marginal(product_states(len(theta_v), v)).logsumexp(0)


def deep_log_partition(W1, W2, b, c1, c2):
    h = product_states(len(c1), W1)
    return torch.logsumexp(h @ c1 + F.softplus(h @ W1 + b).sum(1) + F.softplus(h @ W2.T + c2).sum(1), dim=0)


@form("dbm_bound", "the expected energy by einsum, entropies with xlogy")
def outside_dbm_einsum(v, mean1, mean2, W1, W2, b, c1, c2):
    def entropy(mu):
        return -(torch.xlogy(mu, mu) + torch.special.xlog1py(1 - mu, -mu)).sum(-1)

    agreement = torch.einsum("bh,hd,bd->b", mean1, W1, v) + torch.einsum("be,eh,bh->b", mean2, W2, mean1)
    linear = v @ b + mean1 @ c1 + mean2 @ c2
    return agreement + linear + entropy(mean1) + entropy(mean2) - deep_log_partition(W1, W2, b, c1, c2)


@form("dbm_bound", "entropies of torch.distributions, a loss", convention="minus the bound, a loss")
def outside_dbm_distributions(v, mean1, mean2, W1, W2, b, c1, c2):
    q1, q2 = D.Independent(D.Bernoulli(probs=mean1), 1), D.Independent(D.Bernoulli(probs=mean2), 1)
    energy = -(v * b).sum(1) - (mean1 * (F.linear(v, W1) + c1)).sum(1) - (mean2 * (F.linear(mean1, W2) + c2)).sum(1)
    return energy - q1.entropy() - q2.entropy() + deep_log_partition(W1, W2, b, c1, c2)


@form("dbm_bound", "autograd, logarithms of means, both outer layers side by side", framework="autograd")
def outside_dbm_autograd(v, mean1, mean2, W1, W2, b, c1, c2):
    h = counted_states(len(c1)).astype(v.dtype)
    outer = anp.concatenate([anp.dot(h, W1) + b, anp.dot(h, W2.T) + c2], axis=1)
    terms = anp.dot(h, c1) + anp.sum(anp.logaddexp(0.0, outer), axis=1)
    log_z = anp.max(terms) + anp.log(anp.sum(anp.exp(terms - anp.max(terms))))
    mean = anp.concatenate([mean1, mean2], axis=1)
    entropy = -anp.sum(mean * anp.log(mean) + (1 - mean) * anp.log(1 - mean), axis=1)
    expected = anp.dot(v, b) + anp.sum(mean1 * (anp.dot(v, W1.T) + c1), axis=1)
    return expected + anp.sum(mean2 * (anp.dot(mean1, W2.T) + c2), axis=1) + entropy - log_z
