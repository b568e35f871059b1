"""Minus the logarithm of a density, and the energy plus the logarithm of a partition function."""

from refdgm.evidence.energy.log_partition.definition import log_partition, log_partition__usual


def energy_negative_log_likelihood(xp, energy, grid_energy, log_weight):
    return energy + log_partition(xp, grid_energy[None, :], log_weight)


def energy_negative_log_likelihood__usual(xp, energy, grid_energy, log_weight):
    return energy + log_partition__usual(xp, grid_energy[None, :], log_weight)


def energy_negative_log_likelihood__differences(xp, energy, grid_energy, log_weight):
    """log Σ w e^{E − E_k}: every node is measured from the example."""
    return log_partition__usual(xp, grid_energy[None, :] - energy[:, None], log_weight)
