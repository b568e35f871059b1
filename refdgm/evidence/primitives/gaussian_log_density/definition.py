"""The logarithm of (2 pi s^2)^(-1/2) exp(-(x - m)^2 / (2 s^2)) with s^2 = exp(logvar), added up over dimensions."""


def gaussian_log_density(xp, x, mean, logvar):
    variance = xp.exp(logvar)
    return xp.sum(-((x - mean) ** 2) / (2 * variance) - xp.log(2 * xp.pi * variance) / 2, axis=1)


def gaussian_log_density__usual(xp, x, mean, logvar):
    """No logarithm of an exponential."""
    return -xp.sum((x - mean) ** 2 * xp.exp(-logvar) + logvar + xp.log(2 * xp.pi), axis=1) / 2
