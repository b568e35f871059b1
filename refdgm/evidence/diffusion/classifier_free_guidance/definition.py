"""The prediction with the condition and the one without, extrapolated along their difference."""


def classifier_free_guidance(xp, eps_cond, eps_uncond, gamma):
    return gamma * eps_cond + (1 - gamma) * eps_uncond


def classifier_free_guidance__usual(xp, eps_cond, eps_uncond, gamma):
    return eps_uncond + gamma * (eps_cond - eps_uncond)
