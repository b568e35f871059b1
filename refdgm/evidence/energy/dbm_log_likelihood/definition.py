"""The weights of the first layer's states, with the data and with all visible states; each unit of the layers beside it
as how much likelier it makes a state than where nothing is on."""

from refdgm.evidence import traced
from refdgm.evidence.energy.boltzmann_log_likelihood.definition import all_states
from refdgm.evidence.energy.dbm_bound.definition import unit_by_unit, usual_log_z


def dbm_log_likelihood(xp, v, W1, W2, b, c1, c2):
    g = 1.0 * all_states(xp, c1.shape[0])
    hidden = unit_by_unit(xp, xp.exp(g @ c1), g @ xp.transpose(W2) + c2, c2)
    with_data = xp.exp(v @ xp.transpose(W1) @ xp.transpose(g)) * hidden
    alone = unit_by_unit(xp, hidden, g @ W1 + b, b)
    of_visible = xp.sum(v * b, axis=1) - xp.sum(xp.log(1 + xp.exp(b)))
    return of_visible + xp.log(xp.sum(with_data, axis=1)) - xp.log(xp.sum(alone))


def dbm_log_likelihood__usual(xp, v, W1, W2, b, c1, c2, softplus=traced.softplus):
    """The second layer as a softplus of every state of the first, and a library's logsumexp."""
    g = 1.0 * all_states(xp, c1.shape[0])
    scores = (v @ W1.T + c1) @ g.T + xp.sum(softplus(g @ W2.T + c2), axis=1)
    return v @ b + traced.log_sum_exp(scores, 1) - usual_log_z(xp, W1, W2, b, c1, c2, softplus)


def dbm_log_likelihood__linear(xp, v, W1, W2, b, c1, c2):
    return dbm_log_likelihood__usual(xp, v, W1, W2, b, c1, c2, traced.linear_softplus)
