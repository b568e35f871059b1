"""Forms of partition functions, of likelihoods by them, and of contrastive divergence."""

import autograd.numpy as anp
import numpy as np
import torch

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("log_partition", "logsumexp of the negative energies")
def lse_of_negative_energies(energy, log_weight):
    return torch.logsumexp(-energy + log_weight[None], dim=1)


@form("log_partition", "the free energy, as the energy of a classifier has it", convention="the free energy, −log Z")
def free_energy(energy, log_weight):
    return -torch.logsumexp(log_weight - energy, dim=-1)


@form("log_partition", "autograd", framework="autograd")
def partition_in_autograd(energy, log_weight):
    a = log_weight - energy
    top = anp.max(a, axis=1)
    return top + anp.log(anp.sum(anp.exp(a - top[:, None]), axis=1))


@form("energy_negative_log_likelihood", "maximum likelihood over all states")
def nll_over_states(energy, grid_energy, log_weight):
    log_z = torch.logsumexp(log_weight - grid_energy, 0)
    return energy + log_z


@form("energy_negative_log_likelihood", "a log-probability", convention="the log-likelihood")
def log_prob_of_energy(energy, grid_energy, log_weight):
    return -energy - torch.logsumexp(log_weight - grid_energy, -1)


@form("energy_negative_log_likelihood", "data less model, by hand", framework="numpy")
def nll_by_hand(energy, grid_energy, log_weight):
    a = log_weight - grid_energy
    top = a.max()
    weights = np.exp(a - top)
    log_z, p = top + np.log(weights.sum()), weights / weights.sum()
    return energy + log_z, lambda bar: {
        "energy": bar, "grid_energy": -bar.sum() * p, "log_weight": bar.sum() * p}


@form("contrastive_divergence_loss", "Du and Mordatch's, of energies")
def cd_of_energies(energy_data, energy_model, regularization):
    return (energy_data - energy_model) + regularization * (energy_data**2 + energy_model**2)


@form("contrastive_divergence_loss", "a tutorial's, of a network f = −E", convention="a network of the negative energy")
def cd_of_a_network(energy_data, energy_model, regularization):
    reg_loss = regularization * (energy_data**2 + energy_model**2)
    cdiv_loss = energy_model - energy_data
    return reg_loss + cdiv_loss


@form("contrastive_divergence_loss", "autograd", framework="autograd")
def cd_in_autograd(energy_data, energy_model, regularization):
    return energy_data - energy_model + regularization * anp.square(energy_data) + regularization * energy_model**2
