"""The mean, and a standard normal number times the square root of the variance exp(logvar)."""


def gaussian_reparameterization(xp, mean, logvar, eps):
    return mean + xp.sqrt(xp.exp(logvar)) * eps


def gaussian_reparameterization__usual(xp, mean, logvar, eps):
    """The deviation from half of the logarithm."""
    return mean + xp.exp(logvar / 2) * eps
