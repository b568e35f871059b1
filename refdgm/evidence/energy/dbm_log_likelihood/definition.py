"""Boltzmann factors of the data with every state of both hidden layers, over those of all states of the machine."""

from refdgm.evidence import traced
from refdgm.evidence.energy.boltzmann_log_likelihood.definition import all_states
from refdgm.evidence.energy.dbm_bound.definition import log_z, usual_log_z


def clamped(xp, v, W1, W2, c1, c2):
    """(examples, states of the first layer, states of the second): −E but for the visible biases."""
    g, h = 1.0 * all_states(xp, c1.shape[0]), 1.0 * all_states(xp, c2.shape[0])
    below = v @ xp.transpose(W1) @ xp.transpose(g) + xp.sum(g * c1, axis=1)
    above = g @ xp.transpose(W2) @ xp.transpose(h) + xp.sum(h * c2, axis=1)
    return below[:, :, None] + above


def dbm_log_likelihood(xp, v, W1, W2, b, c1, c2):
    weights = xp.exp(clamped(xp, v, W1, W2, c1, c2))
    return xp.sum(v * b, axis=1) + xp.log(xp.sum(xp.sum(weights, axis=2), axis=1)) - log_z(xp, W1, W2, b, c1, c2)


def dbm_log_likelihood__usual(xp, v, W1, W2, b, c1, c2, softplus=traced.softplus):
    """The second layer as a softplus of every state of the first, and a library's logsumexp."""
    g = 1.0 * all_states(xp, c1.shape[0])
    scores = (v @ W1.T + c1) @ g.T + xp.sum(softplus(g @ W2.T + c2), axis=1)
    return v @ b + traced.log_sum_exp(scores, 1) - usual_log_z(xp, W1, W2, b, c1, c2, softplus)


def dbm_log_likelihood__linear(xp, v, W1, W2, b, c1, c2):
    return dbm_log_likelihood__usual(xp, v, W1, W2, b, c1, c2, traced.linear_softplus)


def dbm_log_likelihood__by_the_second_layer(xp, v, W1, W2, b, c1, c2, softplus=traced.softplus):
    """The first layer as a softplus of every state of the second: another sum, of 2^E terms."""
    h = 1.0 * all_states(xp, c2.shape[0])
    scores = h @ c2 + xp.sum(softplus((v @ W1.T + c1)[:, None, :] + h @ W2), axis=2)
    return v @ b + traced.log_sum_exp(scores, 1) - usual_log_z(xp, W1, W2, b, c1, c2, softplus)
