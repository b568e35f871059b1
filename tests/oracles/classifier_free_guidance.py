"""The prediction with the condition and the one without, extrapolated along their difference."""


def value(xp, eps_cond, eps_uncond, gamma):
    return gamma * eps_cond + (1 - gamma) * eps_uncond
