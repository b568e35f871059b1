"""Forms of machines whose states are counted, as repositories, libraries and lessons have them."""

import itertools

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
LOSS = "the negative log-likelihood, a loss"


def all_states(n, like):
    """Every state of n units, a row each."""
    return torch.tensor(list(itertools.product([0.0, 1.0], repeat=n)), dtype=like.dtype)


def every_state(n):
    return np.array(list(itertools.product([0.0, 1.0], repeat=n)))


def logsumexp(x, axis=-1):
    top = anp.max(x, axis=axis, keepdims=True)
    return anp.squeeze(top, axis) + anp.log(anp.sum(anp.exp(x - top), axis=axis))


@form("rbm_log_likelihood", "the free energy, and all hidden states for log Z")
def rbm_log_prob(v, W, b, c):
    h = all_states(W.shape[0], v)
    visible = F.linear(h, W.t(), b)
    log_z = torch.logsumexp(h @ c + torch.logaddexp(visible, torch.zeros_like(visible)).sum(1), dim=0)
    inputs = F.linear(v, W, c)
    return v @ b + torch.logaddexp(inputs, torch.zeros_like(inputs)).sum(1) - log_z


@form("rbm_log_likelihood", "hidden states one by one, as a loss", framework="autograd", convention=LOSS)
def rbm_nll(v, W, b, c):
    log_z = -anp.inf
    for bits in every_state(len(c)):
        log_z = anp.logaddexp(log_z, anp.dot(bits, c) + anp.sum(anp.logaddexp(0, b + anp.dot(bits, W))))
    free_energy = -anp.dot(v, b) - anp.sum(anp.logaddexp(0, c + anp.dot(v, W.T)), axis=1)
    return free_energy + log_z


@form("boltzmann_marginal_log_likelihood", "clamped and free sums over lists of states")
def marginal_of_lists(v, U, W, V, b, c, temperature):
    h, s = all_states(len(c), v), all_states(len(b), v)

    def log_weights(s):
        own = 0.5 * torch.einsum("ni,ij,nj->n", s, U, s) + s @ b
        hidden = 0.5 * torch.einsum("mi,ij,mj->m", h, V, h) + h @ c
        return (own[:, None] + hidden[None] + s @ W.T @ h.T) / temperature

    return torch.logsumexp(log_weights(v), dim=1) - torch.logsumexp(log_weights(s), dim=(0, 1))


@form("boltzmann_marginal_log_likelihood", "one matrix of all units, as a loss", framework="autograd", convention=LOSS)
def marginal_of_blocks(v, U, W, V, b, c, temperature):
    joint = anp.concatenate([anp.concatenate([U, W.T], axis=1), anp.concatenate([W, V], axis=1)])
    bias, hidden = anp.concatenate([b, c]), every_state(len(c))
    score = lambda s: (anp.sum(anp.dot(s, joint) * s, axis=-1) / 2 + anp.dot(s, bias)) / temperature
    log_z = logsumexp(score(every_state(len(b) + len(c))))
    clamped = anp.stack([score(anp.concatenate([v, anp.tile(one, (v.shape[0], 1))], axis=1)) for one in hidden])
    return log_z - logsumexp(clamped, axis=0)
