"""Energies and their scores."""

import torch

from .nets import mlp


def energy_score(x, theta, *, activation):
    def total(x):
        energy = mlp(x, theta, activation=activation).squeeze(-1)
        return energy.sum(), energy

    slope, energy = torch.func.grad(total, has_aux=True)(x)
    return {"energy": energy, "score": -slope}
