"""The mean field of paysage's deep machines, whose visible layer is held; and energies of its restricted ones."""

import numpy as np
from paysage.layers import BernoulliLayer
from paysage.models import BoltzmannMachine
from paysage.models.state import State


def machine(weights, biases):
    model = BoltzmannMachine([BernoulliLayer(len(bias)) for bias in biases])
    for layer, bias in zip(model.layers, biases, strict=True):
        layer.params = layer.params._replace(loc=bias)
    for connection, W in zip(model.connections, weights, strict=True):
        connection.weights.params = connection.weights.params._replace(matrix=W.T)
    return model


def dbm_mean_field(v, start, W1, W2, c1, c2, *, iterations):
    model = machine([W1, W2], [np.zeros(v.shape[1]), c1, c2])
    model.set_clamped_sampling([0])
    state = model.mean_field_iteration(iterations, State([v, np.zeros((len(v), len(c1))), start]))
    return state[1], state[2]


CANDIDATES = {"dbm_mean_field": {"function": dbm_mean_field, "framework": "numpy", "gradients": []}}
