"""Tweedie's formula: (x + sigma^2 score) / a."""

from .gaussian_mixture_score import value as score


def value(xp, x, logits, means, factors, a, sigma):
    return (x + sigma**2 * score(xp, x, logits, means, factors, a, sigma)) / a
