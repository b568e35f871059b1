"""The free energy of a restricted machine, unit by unit."""

from refdgm.evidence import traced


def rbm_free_energy(xp, v, W, b, c):
    told = xp.sum(v[:, None] * W, axis=2) + c
    return -xp.sum(v * b, axis=1) - xp.sum(xp.log(1 + xp.exp(told)), axis=1)


def rbm_free_energy__usual(xp, v, W, b, c, softplus=traced.softplus):
    """By the library's softplus."""
    return -xp.sum(softplus(v @ xp.transpose(W) + c), axis=1) - v @ b


def rbm_free_energy__linear(xp, v, W, b, c):
    return rbm_free_energy__usual(xp, v, W, b, c, traced.linear_softplus)


def rbm_free_energy__around(xp, v, W, b, c):
    """log(1 + e^a) around the larger of 0 and a."""
    a = v @ xp.transpose(W) + c
    top = xp.where(a > 0, a, 0.0)
    each = top + xp.log(xp.exp(-top) + xp.exp(a - top))
    return -xp.sum(v * b, axis=1) - xp.sum(each, axis=1)
