"""The mean of the negative energy and of −log q under a product over units, less log Z state by state of one layer."""

from refdgm.evidence import traced
from refdgm.evidence.energy.boltzmann_log_likelihood.definition import all_states


def unit_by_unit(xp, factors, told, bias):
    """For every state, and every unit of a layer beside it, how much likelier it is than where nothing is on."""
    for n in range(told.shape[1]):
        factors = factors * ((1 + xp.exp(told[:, n])) / (1 + xp.exp(bias[n])))
    return factors


def log_z(xp, W1, W2, b, c1, c2):
    g = 1.0 * all_states(xp, c1.shape[0])
    factors = unit_by_unit(xp, unit_by_unit(xp, xp.exp(g @ c1), g @ W1 + b, b), g @ W2.T + c2, c2)
    return xp.log(xp.sum(factors)) + xp.sum(xp.log(1 + xp.exp(b))) + xp.sum(xp.log(1 + xp.exp(c2)))


def usual_log_z(xp, W1, W2, b, c1, c2, softplus=traced.softplus):
    """With a library's functions."""
    g = 1.0 * all_states(xp, c1.shape[0])
    free = g @ c1 + xp.sum(softplus(g @ W1 + b), axis=1) + xp.sum(softplus(g @ W2.T + c2), axis=1)
    return traced.log_sum_exp(free, 0)


def units(xp, mean):
    """The entropy of independent units."""
    return -xp.sum(mean * xp.log(mean) + (1 - mean) * xp.log(1 - mean), axis=1)


def expected(xp, v, mean1, mean2, W1, W2, b, c1, c2):
    visible = xp.sum(v * b, axis=1) + xp.sum(mean1 * c1, axis=1) + xp.sum(mean2 * c2, axis=1)
    return visible + xp.sum((v @ W1.T) * mean1, axis=1) + xp.sum((mean2 @ W2) * mean1, axis=1)


def dbm_bound(xp, v, mean1, mean2, W1, W2, b, c1, c2):
    energy = expected(xp, v, mean1, mean2, W1, W2, b, c1, c2)
    return energy + units(xp, mean1) + units(xp, mean2) - log_z(xp, W1, W2, b, c1, c2)


def dbm_bound__usual(xp, v, mean1, mean2, W1, W2, b, c1, c2, softplus=traced.softplus):
    """With log Z by the layer between, and a library's softplus."""
    energy = v @ b + xp.sum(mean1 * (v @ W1.T + c1), axis=1) + xp.sum(mean2 * (mean1 @ W2.T + c2), axis=1)
    return energy + units(xp, mean1) + units(xp, mean2) - usual_log_z(xp, W1, W2, b, c1, c2, softplus)


def dbm_bound__linear(xp, v, mean1, mean2, W1, W2, b, c1, c2):
    return dbm_bound__usual(xp, v, mean1, mean2, W1, W2, b, c1, c2, traced.linear_softplus)
