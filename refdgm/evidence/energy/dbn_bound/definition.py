"""The mean of log p(v|h) + log p(h) − log q(h|v) under q, state by state of the layer between."""

from refdgm.evidence import traced
from refdgm.evidence.energy.boltzmann_log_likelihood.definition import all_states
from refdgm.evidence.energy.dbm_bound.definition import unit_by_unit


def log_choices(xp, off_cost, on_cost, chosen):
    """Σ of the logarithms of what each choice had: costs (B, H) of being off and on, choices (S, H)."""
    return -(on_cost @ xp.transpose(chosen) + off_cost @ xp.transpose(1 - chosen))


def bound(xp, v, R, r, G, g, top, softplus):
    h = 1.0 * all_states(xp, r.shape[0])
    a, f = v @ xp.transpose(R) + r, h @ xp.transpose(G) + g
    log_q = log_choices(xp, softplus(a), softplus(-a), h)
    log_v = xp.transpose(log_choices(xp, softplus(f), softplus(-f), v))
    return xp.sum(xp.exp(log_q) * (log_v + top - log_q), axis=1)


def dbn_bound(xp, v, R, r, G, g, W, b, c):
    h = 1.0 * all_states(xp, b.shape[0])
    weight = unit_by_unit(xp, xp.exp(h @ b), h @ xp.transpose(W) + c, c)
    top = xp.log(weight) - xp.log(xp.sum(weight))
    return bound(xp, v, R, r, G, g, top, lambda a: xp.log(1 + xp.exp(a)))


def log_top(xp, h, W, b, c, softplus):
    free = h @ b + xp.sum(softplus(h @ W.T + c), axis=1)
    return free - traced.log_sum_exp(free, 0)


def dbn_bound__usual(xp, v, R, r, G, g, W, b, c, softplus=traced.softplus):
    """With a library's softplus and logsumexp."""
    return bound(xp, v, R, r, G, g, log_top(xp, 1.0 * all_states(xp, b.shape[0]), W, b, c, softplus), softplus)


def dbn_bound__linear(xp, v, R, r, G, g, W, b, c):
    """In the words in which most is left of what is linear: an entropy that is a difference."""
    return dbn_bound__entropy_in_logits(xp, v, R, r, G, g, W, b, c, traced.linear_softplus)


def dbn_bound__by_entropy(xp, v, R, r, G, g, W, b, c, softplus=traced.softplus):
    """What is expected of the two laws, and the entropy of q unit by unit."""
    h = 1.0 * all_states(xp, b.shape[0])
    a, f = v @ R.T + r, h @ G.T + g
    q = xp.exp(log_choices(xp, softplus(a), softplus(-a), h))
    entropy = xp.sum(xp.exp(-softplus(-a)) * softplus(-a) + xp.exp(-softplus(a)) * softplus(a), axis=1)
    worth = v @ f.T - xp.sum(softplus(f), axis=1) + log_top(xp, h, W, b, c, softplus)
    return xp.sum(q * worth, axis=1) + entropy


def dbn_bound__in_logits(xp, v, R, r, G, g, W, b, c, softplus=traced.softplus, entropy_apart=False):
    """log q = ⟨h, a⟩ − Σ log(1 + eᵃ), and so for v: of a unit that is sure little is left of two large terms."""
    h = 1.0 * all_states(xp, b.shape[0])
    a, f = v @ R.T + r, h @ G.T + g
    log_q = a @ h.T - xp.sum(softplus(a), axis=1)[:, None]
    worth = v @ f.T - xp.sum(softplus(f), axis=1) + log_top(xp, h, W, b, c, softplus)
    if not entropy_apart:
        return xp.sum(xp.exp(log_q) * (worth - log_q), axis=1)
    return xp.sum(xp.exp(log_q) * worth, axis=1) + xp.sum(softplus(a) - a * xp.exp(-softplus(-a)), axis=1)


def dbn_bound__entropy_in_logits(xp, v, R, r, G, g, W, b, c, softplus=traced.softplus):
    """The entropy unit by unit as Σ log(1 + eᵃ) − a σ(a)."""
    return dbn_bound__in_logits(xp, v, R, r, G, g, W, b, c, softplus, entropy_apart=True)
