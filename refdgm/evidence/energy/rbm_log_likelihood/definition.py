"""The weights of all joint states, in units of those where no hidden unit is on, and those of the data among them."""

from refdgm.evidence import traced
from refdgm.evidence.energy.rbm_free_energy.definition import rbm_free_energy__usual


def states(xp, n):
    """All states of n units, one a row."""
    return xp.stack([[s // 2**i % 2 for i in range(n)] for s in range(2**n)])


def rbm_log_likelihood(xp, v, W, b, c):
    h = states(xp, W.shape[0])
    hidden = xp.sum(h * c, axis=1)
    joint = xp.exp(v @ xp.transpose(W) @ xp.transpose(h) + xp.reshape(v @ b, (-1, 1)) + hidden)
    each, told = xp.exp(hidden), h @ W + b
    for j in range(W.shape[1]):
        each = each * ((1 + xp.exp(told[:, j])) / (1 + xp.exp(b[j])))
    return xp.log(xp.sum(joint, axis=1)) - xp.log(xp.sum(each)) - xp.sum(xp.log(1 + xp.exp(b)))


def rbm_log_likelihood__usual(xp, v, W, b, c, softplus=traced.softplus):
    """Free energies of the data, and of all hidden states with the sides exchanged."""
    h = states(xp, W.shape[0])
    mirrored = rbm_free_energy__usual(xp, h, xp.transpose(W), c, b, softplus)
    return -rbm_free_energy__usual(xp, v, W, b, c, softplus) - traced.log_sum_exp(-mirrored, 0)


def rbm_log_likelihood__linear(xp, v, W, b, c):
    return rbm_log_likelihood__usual(xp, v, W, b, c, traced.linear_softplus)
