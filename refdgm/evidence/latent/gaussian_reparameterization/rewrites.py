"""The draw of a Gaussian, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.gaussian_reparameterization import gaussian_reparameterization


@rewrite(gaussian_reparameterization)
def through_the_deviation(mean: Any, logvar: Any, eps: Any) -> Any:
    """σ first; its cotangent is z_bar ε, and dσ/dλ = σ/2."""
    sigma = np.exp(logvar / 2)

    def pullback(bar: Any) -> dict[str, Any]:
        sigma_bar = bar * eps
        return {"mean": bar, "logvar": sigma_bar * sigma / 2}

    return eps * sigma + mean, pullback


@rewrite(gaussian_reparameterization)
def through_the_variance(mean: Any, logvar: Any, eps: Any) -> Any:
    """The variance, its root, and the derivative of each."""
    variance = np.exp(logvar)
    sigma = np.sqrt(variance)

    def pullback(bar: Any) -> dict[str, Any]:
        variance_bar = bar * eps / (2 * sigma)
        return {"mean": 1.0 * bar, "logvar": variance_bar * variance}

    return mean + sigma * eps, pullback
