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
