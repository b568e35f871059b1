"""The state and the time that passes times the velocity."""

from refdgm.evidence.diffusion.components import every


def flow_matching_step(xp, xt, velocity, t, t_next):
    return xt + (every(xp, t_next, xt) - every(xp, t, xt)) * velocity


def flow_matching_step__by_noise_levels(xp, xt, velocity, t, t_next):
    """Stepped in the level of noise, 1 − t."""
    now, later = 1 - every(xp, t, xt), 1 - every(xp, t_next, xt)
    return xt + (later - now) * -velocity
