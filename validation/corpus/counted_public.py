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


@form("dbm_bound", "expected energies and entropies of torch, log Z by the middle layer")
def variational_free_energy(v, mean1, mean2, W1, W2, b, c1, c2):
    entropy = lambda p: (torch.special.entr(p) + torch.special.entr(1 - p)).sum(-1)
    h = all_states(len(c1), v)
    each = lambda a: torch.logaddexp(a, torch.zeros_like(a)).sum(-1)
    log_z = torch.logsumexp(h @ c1 + each(h @ W1 + b) + each(h @ W2.T + c2), 0)
    energy = -(v @ b) - mean1 @ c1 - mean2 @ c2
    energy = energy - ((v @ W1.T) * mean1).sum(1) - ((mean1 @ W2.T) * mean2).sum(1)
    return entropy(mean1) + entropy(mean2) - energy - log_z


@form("dbm_bound", "terms one by one, with the visible units as a mean of their own", framework="autograd")
def elbo_of_a_dbm(v, mean1, mean2, W1, W2, b, c1, c2):
    entropy = lambda m: -anp.sum(m * anp.log(m) + (1 - m) * anp.log(1 - m), axis=1)
    h = every_state(len(c1))
    outer = anp.concatenate([anp.dot(h, W1) + b, anp.dot(h, W2.T) + c2], axis=1)
    log_z = logsumexp(anp.dot(h, c1) + anp.sum(anp.logaddexp(0, outer), axis=1))
    up = anp.einsum("bd,hd,bh->b", v, W1, mean1) + anp.einsum("bh,eh,be->b", mean1, W2, mean2)
    return up + v @ b + mean1 @ c1 + mean2 @ c2 + entropy(mean1) + entropy(mean2) - log_z


@form("dbm_log_likelihood", "an energy of all three layers, summed over lists of states")
def log_prob_of_a_dbm(v, W1, W2, b, c1, c2):
    first, second = all_states(len(c1), v), all_states(len(c2), v)

    def neg_energy(s):
        up = s @ b[:, None] + s @ W1.t() @ first.t() + first @ c1
        return up[:, :, None] + first @ W2.t() @ second.t() + second @ c2

    evidence = torch.logsumexp(neg_energy(v).flatten(1), 1)
    return evidence - torch.logsumexp(neg_energy(all_states(len(b), v)).flatten(), 0)


@form("dbm_log_likelihood", "the second layer state by state, the first as a softplus, as a loss", framework="autograd",
      convention=LOSS)
def dbm_nll(v, W1, W2, b, c1, c2):
    h = every_state(len(c2))

    def log_weight(s):
        field = anp.expand_dims(anp.dot(s, W1.T) + c1, 1) + anp.dot(h, W2)
        return anp.dot(s, b) + logsumexp(anp.dot(h, c2) + anp.sum(anp.logaddexp(0, field), axis=2))

    return logsumexp(log_weight(every_state(len(b)))) - log_weight(v)
