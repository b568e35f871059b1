"""Tweedie's formulas, of the score and of the Hessian of log p."""

from refdgm.evidence.score.gaussian_mixture.definition import (
    gaussian_mixture_hessian,
    gaussian_mixture_hessian__usual,
    gaussian_mixture_score,
    gaussian_mixture_score__usual,
)


def gaussian_mixture_denoiser(xp, x, logits, means, factors, a, sigma):
    """(x + sigma^2 score) / a."""
    return (x + sigma**2 * gaussian_mixture_score(xp, x, logits, means, factors, a, sigma)) / a


def gaussian_mixture_denoiser__usual(xp, x, logits, means, factors, a, sigma):
    return (x + sigma**2 * gaussian_mixture_score__usual(xp, x, logits, means, factors, a, sigma)) / a


def gaussian_mixture_posterior_covariance(xp, x, logits, means, factors, a, sigma):
    """(sigma^2 / a^2) (I + sigma^2 Hessian of log p)."""
    curvature = gaussian_mixture_hessian(xp, x, logits, means, factors, a, sigma)
    return sigma**2 / a**2 * (xp.eye(x.shape[1]) + sigma**2 * curvature)


def gaussian_mixture_posterior_covariance__usual(xp, x, logits, means, factors, a, sigma):
    curvature = gaussian_mixture_hessian__usual(xp, x, logits, means, factors, a, sigma)
    return sigma**2 / a**2 * (xp.eye(x.shape[1]) + sigma**2 * curvature)
