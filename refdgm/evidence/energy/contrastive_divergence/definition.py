"""The difference of two mean free energies."""

from refdgm.evidence import traced
from refdgm.evidence.energy.rbm_free_energy.definition import rbm_free_energy, rbm_free_energy__usual


def contrastive_divergence(xp, v, v_model, W, b, c):
    data, model = rbm_free_energy(xp, v, W, b, c), rbm_free_energy(xp, v_model, W, b, c)
    return xp.sum(data) / v.shape[0] - xp.sum(model) / v_model.shape[0]


def contrastive_divergence__usual(xp, v, v_model, W, b, c, softplus=traced.softplus):
    data, model = (rbm_free_energy__usual(xp, x, W, b, c, softplus) for x in (v, v_model))
    return xp.sum(data) / v.shape[0] - xp.sum(model) / v_model.shape[0]


def contrastive_divergence__linear(xp, v, v_model, W, b, c):
    return contrastive_divergence__usual(xp, v, v_model, W, b, c, traced.linear_softplus)


def contrastive_divergence__by_terms(xp, v, v_model, W, b, c):
    """Biases at the difference of the means; each unit's softplus as a logarithm around the larger of 0 and a."""
    outer = xp.sum((xp.sum(v_model, axis=0) / v_model.shape[0] - xp.sum(v, axis=0) / v.shape[0]) * b)
    parts = []
    for x in (v_model, v):
        a = x @ xp.transpose(W) + c
        top = xp.where(a > 0, a, 0.0)
        parts.append(xp.sum(top + xp.log(xp.exp(-top) + xp.exp(a - top))) / x.shape[0])
    return outer + parts[0] - parts[1]
