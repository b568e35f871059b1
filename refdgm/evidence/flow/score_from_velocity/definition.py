"""The mean of the noise in x_t, as the velocity tells it, over the deviation of the noise, with the sign of a score."""

from refdgm.evidence.diffusion.components import every


def score_from_velocity(xp, xt, velocity, t):
    t = every(xp, t, xt)
    noise = xt - t * velocity
    return -noise / (1 - t)


def score_from_velocity__summed(xp, xt, velocity, t):
    """One quotient after the other."""
    t = every(xp, t, xt)
    return t / (1 - t) * velocity - xt / (1 - t)


def score_from_velocity__from_the_velocity(xp, xt, velocity, t):
    """−v from what is left, (v − x) / (1 − t) − v."""
    return (velocity - xt) / (1 - every(xp, t, xt)) - velocity
