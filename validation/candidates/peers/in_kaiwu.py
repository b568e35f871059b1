"""Boltzmann machines of the Kaiwu plugin of PyTorch, with hidden units and without: their energy, and Gibbs sampling
by given numbers. It has no likelihood: that is the sum over all states of its energies."""

from unittest import mock

import torch
from kaiwu.torch_plugin import BoltzmannMachine
from torch.func import functional_call


def boltzmann_energy(y, W, b):
    told = {"quadratic_coef": W, "linear_bias": b}
    return functional_call(BoltzmannMachine(len(b)), told, (y,))


def symmetric(W):
    """The same energies by weights of pairs, for it knows no others."""
    return (W + W.T) / 2


def states(units, like):
    return torch.cartesian_prod(*[torch.arange(2, dtype=like.dtype)] * units).reshape(-1, units)


def energy(y, W, b):
    """With what a unit is to itself, which is not in its machines."""
    return boltzmann_energy(y, symmetric(W), b) - y**2 @ torch.diag(W) / 2


def boltzmann_log_likelihood(y, W, b, temperature):
    log_z = torch.logsumexp(-energy(states(len(b), b), W, b) / temperature, 0)
    return -energy(y, W, b) / temperature - log_z


def boltzmann_marginal_log_likelihood(v, U, W, V, b, c, temperature):
    matrix, bias = torch.cat([torch.cat([U, W.T], 1), torch.cat([W, V], 1)]), torch.cat([b, c])
    hidden = states(len(c), c)
    pairs = torch.cat([v[:, None].expand(-1, len(hidden), -1), hidden.expand(len(v), -1, -1)], 2)
    clamped = energy(pairs.flatten(0, 1), matrix, bias).reshape(len(v), -1)
    free = energy(states(len(bias), bias), matrix, bias)
    return torch.logsumexp(-clamped / temperature, 1) - torch.logsumexp(-free / temperature, 0)


def sweep(y, W, b, temperature, order, uniforms):
    """One of `gibbs_sample`, in this order and by these numbers, and the chances that it drew from."""
    chances, given = [], iter(uniforms)

    def drawn(chance):
        chances.append(chance)
        return next(given)

    machine = BoltzmannMachine(len(b), symmetric(W) / temperature, (b + torch.diag(W) / 2) / temperature)
    with mock.patch("torch.bernoulli", lambda _: y.clone()), mock.patch("torch.rand_like", drawn), \
            mock.patch("torch.randperm", lambda *_, **__: order):
        return machine.gibbs_sample(1, num_sample=len(y)), chances


def boltzmann_conditional(y, W, b, temperature):
    """Each unit is drawn alone."""
    units = torch.arange(len(b))
    return torch.stack([sweep(y, W, b, temperature, units[n:n + 1], [y[:, n]])[1][0] for n in units], 1)


def boltzmann_gibbs_chain(y, W, b, temperature, u):
    states = []
    for numbers in u.unbind(1):
        y, _ = sweep(y, W, b, temperature, torch.arange(len(b)), numbers.unbind(1))
        states.append(y)
    return torch.stack(states, 1).long()


CANDIDATES = {
    "boltzmann_energy": {"function": boltzmann_energy, "convention": "pairs i < j above the diagonal"},
    "boltzmann_log_likelihood": {"function": boltzmann_log_likelihood},
    "boltzmann_marginal_log_likelihood": {"function": boltzmann_marginal_log_likelihood},
    "boltzmann_conditional": {"function": boltzmann_conditional, "gradients": []},
    "boltzmann_gibbs_chain": {"function": boltzmann_gibbs_chain, "gradients": []},
}
