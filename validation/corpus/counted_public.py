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


@form("dbm_log_likelihood", "the visible units and the second layer as one side of a restricted machine")
def log_prob_of_a_dbm(v, W1, W2, b, c1, c2):
    h = all_states(len(c1), v)
    outer = torch.logaddexp(h @ torch.cat([W1, W2.t()], 1) + torch.cat([b, c2]), torch.zeros(()))
    second, prior = outer[:, len(b):].sum(1), h @ c1
    evidence = torch.logsumexp(v @ W1.t() @ h.t() + prior + second, 1) + v @ b
    return evidence - torch.logsumexp(prior + outer.sum(1), 0)


@form("dbm_log_likelihood", "states of the first layer one by one, as a loss", framework="autograd", convention=LOSS)
def dbm_nll(v, W1, W2, b, c1, c2):
    log_z, evidence = -anp.inf, -anp.inf
    for h in every_state(len(c1)):
        second = anp.sum(anp.logaddexp(0, anp.dot(W2, h) + c2)) + anp.dot(h, c1)
        log_z = anp.logaddexp(log_z, second + anp.sum(anp.logaddexp(0, anp.dot(h, W1) + b)))
        evidence = anp.logaddexp(evidence, second + anp.dot(v, anp.dot(h, W1) + b))
    return log_z - evidence


@form("dbn_bound", "distributions of torch, state by state of the layer between")
def greedy_bound(v, R, r, G, g, W, b, c):
    h = all_states(len(r), v)
    free = h @ b + torch.logaddexp(F.linear(h, W, c), torch.zeros(())).sum(1)
    log_prior = free - torch.logsumexp(free, 0)
    logits = F.linear(v, R, r)[:, None].expand(-1, len(h), -1)
    log_q = -F.binary_cross_entropy_with_logits(logits, h.expand_as(logits), reduction="none").sum(-1)
    decoded, seen = F.linear(h, G, g)[None].expand(len(v), -1, -1), v[:, None].expand(-1, len(h), -1)
    log_v = -F.binary_cross_entropy_with_logits(decoded, seen, reduction="none").sum(-1)
    return (log_q.exp() * (log_v + log_prior - log_q)).sum(1)


@form("dbn_bound", "a loop over states, with the entropy unit by unit, as a loss", framework="autograd",
      convention="minus the bound, a loss")
def greedy_loss(v, R, r, G, g, W, b, c):
    a, softplus = anp.dot(v, R.T) + r, lambda x: anp.logaddexp(0, x)
    states = every_state(len(r))
    free = [anp.dot(h, b) + anp.sum(softplus(anp.dot(W, h) + c)) for h in states]
    log_z = logsumexp(anp.stack(free))
    expected = 0
    for h, one in zip(states, free, strict=True):
        f = anp.dot(G, h) + g
        weight = anp.exp(-anp.sum(softplus(anp.where(h == 1, -a, a)), axis=1))
        expected = expected + weight * (anp.dot(v, f) - anp.sum(softplus(f)) + one)
    on = anp.exp(-softplus(-a))
    return log_z - expected - anp.sum(on * softplus(-a) + anp.exp(-softplus(a)) * softplus(a), axis=1)
