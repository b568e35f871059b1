"""Energies of dimod, and the partition function by its list of all states; it has no gradients."""

import dimod
import numpy as np
from scipy.special import logsumexp


def boltzmann_energy(y, W, b):
    """Of integers, whose squares it has, and whose energies are of any numbers: units may be grey."""
    model = dimod.QuadraticModel()
    for i, bias in enumerate(b):
        model.add_variable("INTEGER", i)
        model.set_linear(i, -bias)
    for i, row in enumerate(W):
        for j, weight in enumerate(row):
            model.add_quadratic(i, j, -weight / 2)
    return model.energies((y, range(len(b))))


def boltzmann_log_likelihood(y, W, b, temperature):
    """A unit that meets itself is a bias where it is on or off."""
    apart = W - np.diag(np.diag(W))
    listed = dimod.ExactSolver().sample(dimod.BinaryQuadraticModel(-b - np.diag(W) / 2, -apart / 2, 0.0, "BINARY"))
    return -boltzmann_energy(y, W, b) / temperature - logsumexp(-listed.record.energy / temperature)


CANDIDATES = {
    name: {"function": function, "framework": "numpy", "gradients": []}
    for name, function in (("boltzmann_energy", boltzmann_energy),
                           ("boltzmann_log_likelihood", boltzmann_log_likelihood))
}
