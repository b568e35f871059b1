"""Forms of Boltzmann machines."""

import autograd.numpy as anp
import numpy as np
import torch

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("boltzmann_energy", "a quadratic form by bmm")
def energy_by_bmm(y, W, b):
    pair = torch.bmm(y[:, None, :] @ W, y[:, :, None])[:, 0, 0]
    return -(0.5 * pair + (y * b).sum(-1))


@form("boltzmann_energy", "the score of a state, as a probabilistic program has it",
      convention="minus the energy, an unnormalised log-probability")
def log_weight_of_a_state(y, W, b):
    return 0.5 * ((y @ W) * y).sum(1) + y @ b


@form("boltzmann_energy", "binary quadratic optimisation, xᵀQx", framework="autograd",
      convention="without the half, −yᵀWy")
def qubo(y, W, b):
    return -anp.einsum("bi,ij,bj->b", y, W, y) - anp.dot(y, b)


@form("boltzmann_energy", "by hand, example by example", framework="numpy")
def energy_by_hand(y, W, b):
    value = np.array([-0.5 * s @ W @ s - b @ s for s in y], dtype=y.dtype).reshape(len(y))

    def backward(bar):
        of_w = np.zeros_like(W)
        for g, s in zip(bar, y, strict=True):
            of_w -= 0.5 * g * np.outer(s, s)
        return {"y": -bar[:, None] * (0.5 * (y @ W + y @ W.T) + b), "W": of_w, "b": -(bar[:, None] * y).sum(0)}

    return value, backward
