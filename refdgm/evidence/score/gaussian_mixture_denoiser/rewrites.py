"""The posterior mean and covariance of a Gaussian mixture, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.score.mixture import by_covariance, curvature
from refdgm.score.gaussian_mixture_denoiser import gaussian_mixture_denoiser, gaussian_mixture_posterior_covariance


@rewrite(gaussian_mixture_denoiser)
def by_tweedie(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """(x + σ² s)/a, and the Hessian for its gradient."""
    _, share, g, inverse = by_covariance(x, logits, means, factors, a, sigma)
    bend = curvature(share, g, inverse)
    value = (x + sigma**2 * np.einsum("kb,kbi->bi", share, g)) / a
    return value, lambda bar: {"x": (bar + sigma**2 * np.einsum("bij,bj->bi", bend, bar)) / a}


@rewrite(gaussian_mixture_posterior_covariance)
def covariance_by_tweedie(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """(σ²/a²)(I + σ² ∇² log p)."""
    _, share, g, inverse = by_covariance(x, logits, means, factors, a, sigma)
    return (sigma / a) ** 2 * (np.eye(x.shape[1]) + sigma**2 * curvature(share, g, inverse))
