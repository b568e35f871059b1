"""The step, T times."""

from . import langevin_step, networks


def value(xp, x, eps, step, theta, *, score):
    for t in range(eps.shape[1]):
        s, _ = networks.score(xp, score, x, theta)
        x = langevin_step.value(xp, x, s, eps[:, t], step)
    return x
