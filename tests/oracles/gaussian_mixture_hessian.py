"""The second derivative of the density over the density, less the score times itself."""

from .gaussian_mixture_log_density import components
from .gaussian_mixture_score import value as score


def value(xp, x, logits, means, factors, a, sigma):
    density, g, inverse = components(xp, x, logits, means, factors, a, sigma)
    curved = xp.sum(density[:, :, :, None] * (g[:, :, :, None] * g[:, :, None, :] - inverse[:, None]), axis=0)
    s = score(xp, x, logits, means, factors, a, sigma)
    return curved / xp.sum(density, axis=0)[:, :, None] - s[:, :, None] * s[:, None, :]
