"""Parts of a Gaussian mixture: its factors, weights, likeliest component and covariance."""

from typing import Any

import numpy as np

from refdgm.namespace import Array, namespace

Mixture = tuple[Array, Array, Array, Array, Array]  # logits, means, factors, a, sigma


def transposed(logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Mixture:
    return logits, means, namespace(factors).matrix_transpose(factors), a, sigma


def prior_share(logits: Array, like: Array) -> Array:
    """w_k for every example."""
    xp = namespace(logits)
    e = xp.exp(logits - xp.max(logits))
    return (e / xp.sum(e))[:, None] + xp.zeros_like(like)


def likeliest(share: Array) -> Array:
    """1 for the component that has most of each example, (K, B); components that tie share it."""
    xp = namespace(share)
    hot = xp.astype(share == xp.max(share, axis=0), share.dtype)
    return hot / xp.sum(hot, axis=0)


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
