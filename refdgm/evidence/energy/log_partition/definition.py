"""The sum of weights times Boltzmann factors, and its logarithm."""

from refdgm.evidence import traced


def log_partition(xp, energy, log_weight):
    return xp.log(xp.sum(xp.exp(log_weight) * xp.exp(-energy), axis=1))


def log_partition__usual(xp, energy, log_weight):
    """A library's logsumexp."""
    return traced.log_sum_exp(log_weight - energy, 1)


def log_partition__from_the_ground(xp, energy, log_weight):
    """Energies are measured from the lowest, and it is given back."""
    lowest = -xp.max(-energy, axis=1, keepdims=True)
    return xp.log(xp.sum(xp.exp(log_weight - (energy - lowest)), axis=1)) - lowest[:, 0]
