"""The log-density of a diagonal Gaussian, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.primitives.gaussian_log_density import gaussian_log_density


@rewrite(gaussian_log_density)
def with_the_variance(x: Any, mean: Any, logvar: Any) -> Any:
    """−½ Σ (log 2πσ² + (x − μ)²/σ²), the constant in every dimension."""
    variance, apart = np.exp(logvar), x - mean
    value = -0.5 * np.sum(np.log(2 * np.pi * variance) + apart**2 / variance, axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        slope = bar[:, None] * apart / variance
        return {"x": -slope, "mean": slope, "logvar": 0.5 * (slope * apart - bar[:, None])}

    return value, pullback


@rewrite(gaussian_log_density)
def through_the_deviation(x: Any, mean: Any, logvar: Any) -> Any:
    """log φ((x − μ)/σ) − log σ; the gradient passes through σ."""
    sigma = np.exp(logvar / 2)
    r = (x - mean) / sigma
    value = np.sum(-r * r / 2 - np.log(sigma), axis=1) - x.shape[1] * np.log(2 * np.pi) / 2

    def pullback(bar: Any) -> dict[str, Any]:
        sigma_bar = bar[:, None] * (r * r - 1) / sigma
        slope = bar[:, None] * r / sigma
        return {"x": -slope, "mean": slope, "logvar": sigma_bar * sigma / 2}

    return value, pullback


@rewrite(gaussian_log_density)
def sides_exchanged(x: Any, mean: Any, logvar: Any) -> Any:
    """log N(μ; x, σ²), which is the same number."""
    value, right = gaussian_log_density.body(mean, x, logvar)
    return value, lambda bar: {"x": (g := right(bar))["mean"], "mean": g["x"], "logvar": g["logvar"]}
