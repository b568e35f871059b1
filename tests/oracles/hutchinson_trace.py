"""The mean of v^T J v over the probes, with the whole Jacobian J."""

from . import networks


def value(xp, x, probe, theta, *, score):
    jacobian = networks.score(xp, score, x, theta)[1]
    total = 0
    for r in range(probe.shape[1]):
        v = probe[:, r]
        total = total + xp.sum(v[:, :, None] * jacobian * v[:, None, :], axis=(1, 2))
    return total / probe.shape[1]
