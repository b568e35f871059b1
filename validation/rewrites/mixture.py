"""Gaussian mixtures."""

from typing import Any

import numpy as np

from .rewrite import rewrite


def by_covariance(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """log p, r_k, g_k and S_k⁻¹ by LAPACK, from the covariances themselves."""
    s = a**2 * factors @ np.swapaxes(factors, 1, 2) + sigma**2 * np.eye(x.shape[1])
    inverse = np.linalg.inv(s)
    apart = a * means[:, None] - x
    g = np.einsum("kij,kbj->kbi", inverse, apart)
    terms = -np.einsum("kbi,kbi->kb", apart, g) / 2 - np.linalg.slogdet(2 * np.pi * s)[1][:, None] / 2
    terms = terms + (logits - np.logaddexp.reduce(logits))[:, None]
    log_density = np.logaddexp.reduce(terms, axis=0)
    return log_density, np.exp(terms - log_density), g, inverse


def curvature(share: Any, g: Any, inverse: Any) -> Any:
    """∇² log p, not centred: Σ r_k (g gᵀ − S⁻¹) − s sᵀ."""
    s = np.einsum("kb,kbi->bi", share, g)
    within = np.einsum("kb,kij->bij", share, inverse)
    return np.einsum("kb,kbi,kbj->bij", share, g, g) - within - s[:, :, None] * s[:, None]


@rewrite("gaussian_mixture_log_density")
def density_by_lapack(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """Covariances formed and inverted; logaddexp over the components."""
    log_density, share, g, _ = by_covariance(x, logits, means, factors, a, sigma)
    return log_density, lambda bar: {"x": bar[:, None] * np.einsum("kb,kbi->bi", share, g)}


@rewrite("gaussian_mixture_score")
def score_by_lapack(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """Covariances formed and inverted; the Hessian as a matrix, then applied."""
    _, share, g, inverse = by_covariance(x, logits, means, factors, a, sigma)
    bend = curvature(share, g, inverse)
    return np.einsum("kb,kbi->bi", share, g), lambda bar: {"x": np.einsum("bij,bj->bi", bend, bar)}


@rewrite("gaussian_mixture_hessian")
def hessian_by_lapack(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """Covariances formed and inverted; s sᵀ subtracted at the end."""
    return curvature(*by_covariance(x, logits, means, factors, a, sigma)[1:])


@rewrite("gaussian_mixture_denoiser")
def by_tweedie(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """(x + σ² s)/a, and the Hessian for its gradient."""
    _, share, g, inverse = by_covariance(x, logits, means, factors, a, sigma)
    bend = curvature(share, g, inverse)
    value = (x + sigma**2 * np.einsum("kb,kbi->bi", share, g)) / a
    return value, lambda bar: {"x": (bar + sigma**2 * np.einsum("bij,bj->bi", bend, bar)) / a}


@rewrite("gaussian_mixture_posterior_covariance")
def covariance_by_tweedie(x: Any, logits: Any, means: Any, factors: Any, a: Any, sigma: Any) -> Any:
    """(σ²/a²)(I + σ² ∇² log p)."""
    _, share, g, inverse = by_covariance(x, logits, means, factors, a, sigma)
    return (sigma / a) ** 2 * (np.eye(x.shape[1]) + sigma**2 * curvature(share, g, inverse))
