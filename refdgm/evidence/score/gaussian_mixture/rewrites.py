"""A Gaussian mixture: its log-density, score and Hessian, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.score.mixture import by_covariance, curvature
from refdgm.score.gaussian_mixture import gaussian_mixture_hessian, gaussian_mixture_log_density, gaussian_mixture_score


@rewrite(gaussian_mixture_log_density)
def density_by_lapack(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """Covariances formed and inverted; logaddexp over the components."""
    log_density, share, g, _ = by_covariance(x, logits, means, factors, a, sigma)
    return log_density, lambda bar: {"x": bar[:, None] * np.einsum("kb,kbi->bi", share, g)}


@rewrite(gaussian_mixture_score)
def score_by_lapack(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """Covariances formed and inverted; the Hessian as a matrix, then applied."""
    _, share, g, inverse = by_covariance(x, logits, means, factors, a, sigma)
    bend = curvature(share, g, inverse)
    return np.einsum("kb,kbi->bi", share, g), lambda bar: {"x": np.einsum("bij,bj->bi", bend, bar)}


@rewrite(gaussian_mixture_hessian)
def hessian_by_lapack(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """Covariances formed and inverted; s sᵀ subtracted at the end."""
    return curvature(*by_covariance(x, logits, means, factors, a, sigma)[1:])
