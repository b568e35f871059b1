"""Boltzmann factors, summed over the hidden units, over those summed over all."""

from refdgm.evidence import traced
from refdgm.evidence.energy.boltzmann_energy.definition import boltzmann_energy, boltzmann_energy__usual
from refdgm.evidence.energy.boltzmann_log_likelihood.definition import all_states


def energies(xp, energy, v, h, U, W, V, b, c):
    """(rows of v, rows of h): of the visible units, of the hidden ones, and of both."""
    return energy(xp, v, U, b)[:, None] + energy(xp, h, V, c) - v @ (h @ W).T


def boltzmann_marginal_log_likelihood(xp, v, U, W, V, b, c, temperature):
    s, h = all_states(xp, v.shape[1]), all_states(xp, c.shape[0])
    seen = xp.sum(xp.exp(-energies(xp, boltzmann_energy, v, h, U, W, V, b, c) / temperature), axis=1)
    every = xp.sum(xp.exp(-energies(xp, boltzmann_energy, s, h, U, W, V, b, c) / temperature))
    return xp.log(seen) - xp.log(every)


def boltzmann_marginal_log_likelihood__usual(xp, v, U, W, V, b, c, temperature):
    """A library's logsumexp, of the hidden units and of all."""
    s, h = 1.0 * all_states(xp, v.shape[1]), 1.0 * all_states(xp, c.shape[0])
    seen = traced.log_sum_exp(-energies(xp, boltzmann_energy__usual, v, h, U, W, V, b, c) / temperature, 1)
    every = -energies(xp, boltzmann_energy__usual, s, h, U, W, V, b, c) / temperature
    return seen - traced.log_sum_exp(xp.reshape(every, (-1,)), 0)


def boltzmann_marginal_log_likelihood__by_free_energies(xp, v, U, W, V, b, c, temperature):
    """Of every visible state first its sum over the hidden units, then the law of these."""
    s, h = 1.0 * all_states(xp, v.shape[1]), 1.0 * all_states(xp, c.shape[0])
    both = xp.concatenate([v, s], axis=0)
    each = traced.log_sum_exp(-energies(xp, boltzmann_energy__usual, both, h, U, W, V, b, c) / temperature, 1)
    return each[:v.shape[0]] - traced.log_sum_exp(each[v.shape[0]:], 0)
