"""A power iteration and a matrix over its singular value, written otherwise."""

from typing import Any

import numpy as np

from refdgm.adversarial.power_iteration import power_iteration, spectral_normalization
from refdgm.evidence.declare import rewrite


@rewrite(power_iteration)
def length_at_the_end(W: Any, u: Any, *, iterations: int) -> Any:
    """Powers of W Wᵀ alone, scaled by the largest component, and lengths at the end."""
    for _ in range(iterations):
        v = np.einsum("ed,e->d", W, u)
        v = v / np.max(np.abs(v))
        u = np.einsum("ed,d->e", W, v)
        u = u / np.max(np.abs(u))
    return u / np.linalg.norm(u), v / np.linalg.norm(v)


@rewrite(spectral_normalization)
def by_a_trace(W: Any, u: Any, v: Any) -> Any:
    """σ = ⟨W, u vᵀ⟩; its cotangent first, with the whole of what it divides."""
    outer = np.outer(u, v)
    sigma = np.sum(W * outer)

    def pullback(normalized_bar: Any, sigma_bar: Any) -> dict[str, Any]:
        whole = sigma_bar - np.sum(normalized_bar * W) / sigma**2
        return {"W": normalized_bar / sigma + whole * outer}

    return (W / sigma, sigma), pullback
