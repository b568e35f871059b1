"""The Fréchet distance, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.metrics.frechet_distance import frechet_distance


@rewrite(frechet_distance)
def of_symmetric_roots(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
    """Σ^½ and (Σ^½ Ω Σ^½)^½ from eigenvectors, and the map Σ^{−½} (Σ^½ Ω Σ^½)^½ Σ^{−½}; its inverse by that of it."""

    def power(x: Any, by: float) -> Any:
        found, vectors = np.linalg.eigh((x + x.T) / 2)
        return (vectors * found**by) @ vectors.T

    half, less = power(cov_p, 0.5), power(cov_p, -0.5)
    root, apart = power(half @ cov_q @ half, 0.5), mean_p - mean_q
    carried = less @ root @ less
    moved = np.eye(len(cov_p), dtype=cov_p.dtype) - carried
    value = apart @ apart + np.trace(moved @ cov_p @ moved)

    def pullback(bar: Any) -> dict[str, Any]:
        back = np.linalg.inv(carried)
        return {"mean_p": 2 * bar * apart, "cov_p": bar * moved, "mean_q": -2 * bar * apart,
                "cov_q": bar * (back @ -moved + (back @ -moved).T) / 2}

    return value, pullback


@rewrite(frechet_distance)
def of_singular_vectors(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
    """Lower triangles, the singular vectors of their product, and triangles that are solved for the slopes."""
    low, other = np.linalg.cholesky(cov_p), np.linalg.cholesky(cov_q)
    a, s, b = np.linalg.svd(low.T @ other)
    apart, turn = mean_p - mean_q, a @ b
    value = np.sum(apart**2) + np.trace(cov_p) + np.trace(cov_q) - 2 * np.sum(s)

    def pullback(bar: Any) -> dict[str, Any]:
        p = np.linalg.solve(low.T, low.T - turn @ other.T)
        q = np.linalg.solve(other.T, other.T - turn.T @ low.T)
        return {"mean_p": 2 * bar * apart, "cov_p": bar * (p + p.T) / 2,
                "mean_q": -2 * bar * apart, "cov_q": bar * (q + q.T) / 2}

    return value, pullback
