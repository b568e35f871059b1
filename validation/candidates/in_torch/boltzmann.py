"""Boltzmann machines."""

import torch


def boltzmann_energy(y, W, b):
    return -torch.einsum("bi,ij,bj->b", y, W, y) / 2 - y @ b
