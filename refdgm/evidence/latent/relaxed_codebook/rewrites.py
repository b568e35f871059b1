"""The relaxed lookup in a codebook, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.relaxed_codebook import relaxed_codebook


@rewrite(relaxed_codebook)
def code_after_code(c: Any, codebook: Any) -> Any:
    """The codes are added in turn, from the last to the first."""
    z = np.zeros((len(c), codebook.shape[1]))
    for k in reversed(range(len(codebook))):
        z = z + c[:, k, None] * codebook[k]

    def pullback(bar: Any) -> dict[str, Any]:
        return {"c": np.einsum("bd,kd->bk", bar, codebook), "codebook": np.einsum("bk,bd->kd", c, bar)}

    return z, pullback


@rewrite(relaxed_codebook)
def against_the_first_code(c: Any, codebook: Any) -> Any:
    """z = e_0 Σ c + Σ c (e − e_0): differences of codes first."""
    first = codebook[:1]
    z = np.sum(c, axis=1, keepdims=True) * first + c @ (codebook - first)
    return z, lambda bar: {"c": bar @ (codebook - first).T + bar @ first.T, "codebook": c.T @ bar}
