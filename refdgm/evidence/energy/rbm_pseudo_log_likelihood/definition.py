"""Every visible unit is turned over in turn, and free energies are compared."""

from refdgm.evidence import traced
from refdgm.evidence.energy.rbm_free_energy.definition import rbm_free_energy, rbm_free_energy__usual


def odds(xp, v, W, b, c, free=rbm_free_energy):
    """F of each state, less F of it with each of its units turned over."""
    B, D = v.shape
    turned = xp.reshape(v[:, None] + (1 - 2 * v)[:, :, None] * xp.eye(D), (B * D, D))
    return xp.reshape(free(xp, v, W, b, c), (B, 1)) - xp.reshape(free(xp, turned, W, b, c), (B, D))


def rbm_pseudo_log_likelihood(xp, v, W, b, c):
    return -xp.sum(xp.log(1 + xp.exp(odds(xp, v, W, b, c))), axis=1)


def rbm_pseudo_log_likelihood__usual(xp, v, W, b, c, softplus=traced.softplus):
    free = lambda *args: rbm_free_energy__usual(*args, softplus)
    return -xp.sum(softplus(odds(xp, v, W, b, c, free)), axis=1)


def rbm_pseudo_log_likelihood__linear(xp, v, W, b, c):
    return rbm_pseudo_log_likelihood__usual(xp, v, W, b, c, traced.linear_softplus)


def rbm_pseudo_log_likelihood__at_once(xp, v, W, b, c):
    """What the hidden units are told of all turned states is one array."""
    turn, a = 1 - 2 * v, v @ xp.transpose(W) + c
    lifted = a[:, None] + turn[:, :, None] * xp.transpose(W)[None]
    each = turn * b + xp.sum(traced.softplus(lifted) - traced.softplus(a)[:, None], axis=2)
    return -xp.sum(traced.softplus(each), axis=1)
