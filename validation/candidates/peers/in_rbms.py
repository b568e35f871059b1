"""Restricted machines of rbms: free energies, the exact partition function, and the gradient of its training."""

import torch
from rbms.bernoulli_bernoulli import BBRBM
from rbms.partition_function.exact import compute_partition_function
from rbms.utils import get_categorical_configurations


def machine(W, b, c):
    return BBRBM(W.T, b, c)


def rbm_free_energy(v, W, b, c):
    return machine(W, b, c).compute_energy_visibles(v)


def slopes(model, data, chains):
    """Of the likelihood, by its training: chains of energies w have the weights e^−w over their sum."""
    model.init_grad()
    model.compute_gradient(data | {"weights": torch.ones(len(data["visible"]))}, chains, centered=False)
    return {"W": model.weight_matrix.grad.T, "b": model.vbias.grad, "c": model.hbias.grad}


def means(v, W, c):
    return {"visible": v, "hidden_mag": torch.sigmoid(c + v @ W.T)}


def rbm_log_likelihood(v, W, b, c):
    """Of chains that are in every hidden state at once."""
    model = machine(W, b, c)
    listed = get_categorical_configurations(2, len(c), dtype=W.dtype)
    energies = model.compute_energy_hiddens(listed)
    model_side = {"visible": torch.sigmoid(b + listed @ W), "hidden_mag": listed, "weights": energies}

    def pullback(bar):
        each = [slopes(machine(W, b, c), means(v[n:n + 1], W, c), model_side) for n in range(len(v))]
        return {name: sum(bar[n] * one[name] for n, one in enumerate(each)) for name in "Wbc"}

    return -model.compute_energy_visibles(v) - compute_partition_function(model, listed), pullback


def contrastive_divergence(v, v_model, W, b, c):
    """The value is of its free energies, and the gradient minus that of its training, which climbs."""
    model = machine(W, b, c)
    chains = means(v_model, W, c) | {"weights": torch.zeros(len(v_model), dtype=v.dtype)}
    energy, uphill = model.compute_energy_visibles, slopes(model, means(v, W, c), chains)
    return energy(v).mean() - energy(v_model).mean(), lambda bar: {name: -bar * x for name, x in uphill.items()}


# log(1 + e^x) is x from 10 on: made for float32; means of visible units keep 1e-7 from 0 and 1, which one likelihood's
# slope in b shows
SINGLE = {"framework": "torch", "dtype": "float32"}
CANDIDATES = {
    "rbm_free_energy": {"function": rbm_free_energy, "gradients": [], **SINGLE},
    "rbm_log_likelihood": {"function": rbm_log_likelihood, "pair": True, "gradients": ["W", "c"], **SINGLE},
    "contrastive_divergence": {"function": contrastive_divergence, "pair": True, **SINGLE},
}
