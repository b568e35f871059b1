"""Forms of Boltzmann machines, as repositories, libraries and lessons have them."""

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
