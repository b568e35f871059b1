"""KL(N(mean, diag exp(logvar)) || N(0, I)), the closed form of Kingma & Welling, appendix B."""


def value(xp, mean, logvar):
    return xp.sum(xp.exp(logvar) + mean**2 - 1 - logvar, axis=1) / 2
