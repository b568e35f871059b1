"""The logarithm of (2 pi s^2)^(-1/2) exp(-(x - m)^2 / (2 s^2)) with s^2 = exp(logvar), added up over dimensions."""


def value(xp, x, mean, logvar):
    variance = xp.exp(logvar)
    return xp.sum(-((x - mean) ** 2) / (2 * variance) - xp.log(2 * xp.pi * variance) / 2, axis=1)
