"""The Boltzmann factor of a state over the sum of those of all."""

from refdgm.evidence import traced
from refdgm.evidence.energy.boltzmann_energy.definition import boltzmann_energy, boltzmann_energy__usual


def all_states(xp, units):
    """Every state as a row, counted by whole numbers."""
    return xp.stack([[number // 2**i % 2 for i in range(units)] for number in range(2**units)])


def boltzmann_log_likelihood(xp, y, W, b, temperature):
    factors = xp.exp(-boltzmann_energy(xp, all_states(xp, y.shape[1]), W, b) / temperature)
    return -boltzmann_energy(xp, y, W, b) / temperature - xp.log(xp.sum(factors))


def boltzmann_log_likelihood__usual(xp, y, W, b, temperature):
    """A library's logsumexp of the energies of all states."""
    energies = boltzmann_energy__usual(xp, 1.0 * all_states(xp, y.shape[1]), W, b)
    log_z = traced.log_sum_exp(-energies / temperature, 0)
    return -boltzmann_energy__usual(xp, y, W, b) / temperature - log_z


def boltzmann_log_likelihood__from_the_ground(xp, y, W, b, temperature):
    """Every energy is measured from the lowest of all states."""
    energies = boltzmann_energy__usual(xp, 1.0 * all_states(xp, y.shape[1]), W, b)
    lowest = -xp.max(-energies)
    log_z = xp.log(xp.sum(xp.exp((lowest - energies) / temperature)))
    return (lowest - boltzmann_energy__usual(xp, y, W, b)) / temperature - log_z
