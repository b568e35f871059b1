"""Partition functions, and what is trained with them or without."""

import torch


def log_partition(energy, log_weight):
    return torch.logsumexp(log_weight - energy, -1)


def energy_negative_log_likelihood(energy, grid_energy, log_weight):
    return energy + log_partition(grid_energy, log_weight)


def contrastive_divergence_loss(energy_data, energy_model, regularization):
    return energy_data - energy_model + regularization * (energy_data.square() + energy_model.square())
