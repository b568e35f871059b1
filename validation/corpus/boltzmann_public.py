"""Forms of Boltzmann machines, as repositories, libraries and lessons have them."""

import itertools

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from torch import distributions as D

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


@form("boltzmann_energy", "Hopfield's energy, with matrices")
def hopfield_energy(y, W, b):
    return -0.5 * torch.sum((y @ W) * y, dim=1) - torch.mv(y, b)


@form("boltzmann_energy", "one einsum for the pairs")
def energy_of_einsum(y, W, b):
    return -(torch.einsum("ni,ij,nj->n", y, W, y) / 2 + torch.einsum("ni,i->n", y, b))


@form("boltzmann_energy", "loops over pairs, as lessons print the sum", framework="autograd",
      convention="pairs i < j above the diagonal")
def energy_of_pairs(y, W, b):
    energy = 0.0
    for i in range(W.shape[0]):
        energy = energy - b[i] * y[:, i]
        for j in range(i + 1, W.shape[0]):
            energy = energy - W[i, j] * y[:, i] * y[:, j]
    return energy


@form("boltzmann_energy", "Ising's spins made of bits", convention="spins s = 2y − 1")
def ising_energy(y, W, b):
    spins = 2 * y - 1
    return -0.5 * (spins.unsqueeze(1) @ W @ spins.unsqueeze(2)).flatten() - spins @ b


@form("boltzmann_energy", "Hopfield networks, whose diagonal is filled with zeros", convention="no unit meets itself")
def energy_without_diagonal(y, W, b):
    weights = W - torch.diag(torch.diag(W))
    return -0.5 * (y * F.linear(y, weights)).sum(-1) - (y * b).sum(-1)


def boltzmann_scores(y, W, b, temperature):
    return (0.5 * torch.einsum("ni,ij,nj->n", y, W, y) + y @ b) / temperature


@form("boltzmann_log_likelihood", "all states by itertools and a logsumexp")
def log_prob_of_states(y, W, b, temperature):
    log_z = torch.logsumexp(boltzmann_scores(all_states(y.shape[1], y), W, b, temperature), dim=0)
    return boltzmann_scores(y, W, b, temperature) - log_z


@form("boltzmann_log_likelihood", "an inverse temperature, and a loss", framework="autograd", convention=LOSS)
def nll_of_states(y, W, b, temperature):
    beta = 1.0 / temperature
    energy = lambda s: -0.5 * anp.sum(anp.dot(s, W) * s, axis=1) - anp.dot(s, b)
    return beta * energy(y) + logsumexp(-beta * energy(every_state(y.shape[1])))


@form("boltzmann_log_likelihood", "entropy in bits, by a log-softmax over data and states", convention="in bits")
def bits_of_states(y, W, b, temperature):
    free = boltzmann_scores(all_states(y.shape[1], y), W, b, temperature)
    zero = torch.log_softmax(free, dim=0)[0]
    return (boltzmann_scores(y, W, b, temperature) + zero) / np.log(2)


@form("boltzmann_log_likelihood", "statistical physics: β of energies, ln Z term by term", framework="autograd",
      convention="β = 1/T in place of T")
def log_prob_of_beta(y, W, b, temperature):
    beta, ln_z = temperature, -anp.inf
    hamiltonian = lambda s: -anp.einsum("ni,ij,nj->n", s, W, s) / 2 - anp.dot(s, b)
    for state in every_state(len(b)):
        ln_z = anp.logaddexp(ln_z, -beta * hamiltonian(state[None])[0])
    return -beta * hamiltonian(y) - ln_z


@form("boltzmann_conditional", "gaps of energy, a unit at a time")
def conditional_of_gaps(y, W, b, temperature):
    energy = lambda s: -0.5 * ((s @ W) * s).sum(-1) - s @ b
    chances = []
    for i in range(y.shape[1]):
        mask = F.one_hot(torch.tensor(i), y.shape[1]).to(y.dtype)
        on, off = y * (1 - mask) + mask, y * (1 - mask)
        chances.append(torch.sigmoid((energy(off) - energy(on)) / temperature))
    return torch.stack(chances, dim=1)


@form("boltzmann_conditional", "the field of the other units, W made symmetric", framework="autograd")
def conditional_of_fields(y, W, b, temperature):
    diagonal = anp.diag(W)
    symmetric = (W + W.T) / 2
    field = anp.dot(y, symmetric) - y * diagonal + diagonal / 2 + b
    return 1 / (1 + anp.exp(-field / temperature))


@form("boltzmann_conditional", "thresholds, with a softmax of on and off", convention="thresholds θ = −b")
def conditional_of_thresholds(y, W, b, temperature):
    pairs = (W + W.T).fill_diagonal_(0.0) / 2
    net = torch.addmm(torch.diagonal(W) / 2 - b, y, pairs)
    return torch.softmax(torch.stack([torch.zeros_like(net), net]) / temperature, dim=0)[1]


@form("boltzmann_gibbs_chain", "a unit after the other, by its field")
def gibbs_of_fields(y, W, b, temperature, u):
    state, symmetric, kept = y.clone(), 0.5 * (W + W.T), []
    for sweep in u.unbind(1):
        for i in range(W.shape[0]):
            field = state @ symmetric[i] - symmetric[i, i] * state[:, i] + 0.5 * W[i, i] + b[i]
            state[:, i] = (sweep[:, i] < torch.sigmoid(field / temperature)).to(y.dtype)
        kept.append(state.clone())
    return torch.stack(kept, dim=1).long()


@form("boltzmann_gibbs_chain", "gaps of energy in NumPy, an example at a time", framework="numpy")
def gibbs_of_gaps(y, W, b, temperature, u):
    energy = lambda s: -0.5 * s @ W @ s - b @ s
    kept = np.zeros(u.shape, dtype=np.int64)
    for n, start in enumerate(y):
        state = start.copy()
        for t in range(u.shape[1]):
            for i in range(len(state)):
                on, off = state.copy(), state.copy()
                on[i], off[i] = 1, 0
                gap = energy(off) - energy(on)
                state[i] = u[n, t, i] < 1 / (1 + np.exp(-gap / temperature))
            kept[n, t] = state
    return kept


@form("rbm_free_energy", "scikit-learn's logaddexp", framework="autograd")
def free_energy_of_sklearn(v, W, b, c):
    return -anp.dot(v, b) - anp.logaddexp(0, anp.dot(v, W.T) + c).sum(axis=1)


@form("rbm_free_energy", "PyTorch repositories: F.linear and a softplus")
def free_energy_of_softplus(v, W, b, c):
    vbias_term = v.mv(b)
    wx_b = F.linear(v, W, c)
    hidden_term = F.softplus(wx_b).sum(1)
    return -hidden_term - vbias_term


@form("rbm_free_energy", "the deep learning tutorial: log(1 + exp)")
def free_energy_of_lessons(v, W, b, c):
    wx_b = torch.matmul(v, W.t()) + c
    return -torch.matmul(v, b) - torch.log(1 + torch.exp(wx_b)).sum(dim=1)


@form("rbm_free_energy", "what users call score", convention="the log-probability without log Z, −F")
def negative_free_energy(v, W, b, c):
    inputs = torch.einsum("nd,hd->nh", v, W) + c
    return (v * b).sum(-1) + torch.logaddexp(inputs, torch.zeros_like(inputs)).sum(-1)


@form("rbm_conditionals", "PyTorch repositories: a layer and its transpose")
def rbm_layers(v, h, W, b, c):
    return torch.sigmoid(F.linear(v, W, c)), torch.sigmoid(F.linear(h, W.t(), b))


@form("rbm_conditionals", "scikit-learn's logistic function", framework="autograd")
def rbm_of_expit(v, h, W, b, c):
    expit = lambda a: 0.5 * (1 + anp.tanh(0.5 * a))
    return {"hidden": expit(anp.dot(v, W.T) + c), "visible": expit(anp.dot(h, W) + b)}


@form("rbm_conditionals", "laws of torch, their means")
def rbm_of_laws(v, h, W, b, c):
    hidden = D.Bernoulli(logits=torch.addmm(c, v, W.T), validate_args=False)
    visible = D.Bernoulli(logits=torch.addmm(b, h, W), validate_args=False)
    return hidden.mean, visible.mean


@form("rbm_gibbs_chain", "PyTorch repositories: the sign of a difference, through a ReLU")
def gibbs_of_signs(v, W, b, c, u_hidden, u_visible):
    hidden, visible = [], []
    sample = lambda p, u: F.relu(torch.sign(p - u))
    for of_hidden, of_visible in zip(u_hidden.unbind(1), u_visible.unbind(1), strict=True):
        h = sample(torch.sigmoid(F.linear(v, W, c)), of_hidden)
        v = sample(torch.sigmoid(F.linear(h, W.t(), b)), of_visible)
        hidden.append(h)
        visible.append(v)
    return torch.stack(hidden, 1).long(), torch.stack(visible, 1).long()


@form("rbm_gibbs_chain", "scikit-learn: uniforms below a probability", framework="numpy")
def gibbs_of_sklearn(v, W, b, c, u_hidden, u_visible):
    hidden, visible = np.zeros(u_hidden.shape, int), np.zeros(u_visible.shape, int)
    for t in range(u_hidden.shape[1]):
        h = u_hidden[:, t] < 1 / (1 + np.exp(-(v @ W.T + c)))
        v = u_visible[:, t] < 1 / (1 + np.exp(-(h @ W + b)))
        hidden[:, t], visible[:, t] = h, v
    return {"hidden": hidden, "visible": visible}


@form("contrastive_divergence", "the deep learning tutorial: a difference of mean free energies")
def cost_of_free_energies(v, v_model, W, b, c):
    free_energy = lambda s: -s.mv(b) - F.softplus(F.linear(s, W, c)).sum(1)
    chain_end = v_model.detach()
    return torch.mean(free_energy(v)) - torch.mean(free_energy(chain_end))


@form("contrastive_divergence", "associations of the practical guide, their ascent by hand", framework="numpy",
      convention="to be raised, −J")
def cd_of_associations(v, v_model, W, b, c):
    goodness = lambda s: s @ b + np.logaddexp(0, s @ W.T + c).sum(1)

    def pullback(bar):
        pos_hidden = 1 / (1 + np.exp(-(v @ W.T + c)))
        neg_hidden = 1 / (1 + np.exp(-(v_model @ W.T + c)))
        pos_associations = pos_hidden.T @ v / len(v)
        neg_associations = neg_hidden.T @ v_model / len(v_model)
        return {
            "W": bar * (pos_associations - neg_associations),
            "b": bar * (v.mean(axis=0) - v_model.mean(axis=0)),
            "c": bar * (pos_hidden.mean(axis=0) - neg_hidden.mean(axis=0)),
        }

    return goodness(v).mean() - goodness(v_model).mean(), pullback


@form("rbm_pseudo_log_likelihood", "every bit turned over, the log-sigmoid of a difference of free energies")
def pseudo_of_flips(v, W, b, c):
    def free_energy(s):
        inputs = F.linear(s, W, c)
        return -s @ b - torch.logaddexp(inputs, torch.zeros_like(inputs)).sum(-1)

    total, here = 0.0, free_energy(v)
    for i in range(v.shape[1]):
        flipped = v.clone()
        flipped[:, i] = 1 - flipped[:, i]
        total = total + F.logsigmoid(free_energy(flipped) - here)
    return total


@form("rbm_pseudo_log_likelihood", "scikit-learn's score over all units at once", framework="autograd",
      convention="a mean over the visible units")
def pseudo_of_sklearn(v, W, b, c):
    free_energy = lambda s: -anp.dot(s, b) - anp.sum(anp.logaddexp(0, anp.dot(s, W.T) + c), axis=-1)
    turned = v[:, None] + anp.eye(v.shape[1])[None] * (1 - 2 * v)[:, None]
    return anp.mean(-anp.logaddexp(0, -(free_energy(turned) - free_energy(v)[:, None])), axis=1)


@form("dbm_mean_field", "the fixed-point iteration with F.linear")
def mean_field_of_layers(v, start, W1, W2, c1, c2, iterations):
    mu2, bottom_up = start, F.linear(v, W1)
    for _ in range(iterations):
        mu1 = torch.sigmoid(bottom_up + mu2 @ W2 + c1)
        mu2 = torch.sigmoid(F.linear(mu1, W2, c2))
    return mu1, mu2


@form("dbm_mean_field", "ports from MATLAB, with their own logistic function", framework="autograd")
def mean_field_of_matlab(v, start, W1, W2, c1, c2, iterations):
    big_bias1, big_bias2 = anp.tile(c1, (v.shape[0], 1)), anp.tile(c2, (v.shape[0], 1))
    temp_h2 = start
    for _ in range(iterations):
        temp_h1 = 1.0 / (1.0 + anp.exp(-anp.dot(v, W1.T) - anp.dot(temp_h2, W2) - big_bias1))
        temp_h2 = 1.0 / (1.0 + anp.exp(-anp.dot(temp_h1, W2.T) - big_bias2))
    return {"mean1": temp_h1, "mean2": temp_h2}


@form("dbm_mean_field", "the authors' start, a pass upwards with doubled weights",
      convention="from a pass upwards with 2 W¹, whatever start is given")
def mean_field_of_the_code(v, start, W1, W2, c1, c2, iterations):
    h1 = torch.sigmoid(torch.addmm(c1, v, 2 * W1.T))
    h2 = torch.sigmoid(torch.addmm(c2, h1, W2.T))
    for _ in range(iterations):
        h1 = torch.sigmoid(v @ W1.T + h2 @ W2 + c1)
        h2 = torch.sigmoid(h1 @ W2.T + c2)
    return h1, h2
