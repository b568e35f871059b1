"""Relaxed draws: their density, and what a decoder reads of them."""

from typing import Any

import numpy as np

from .rewrite import rewrite


@rewrite("concrete_log_density")
def through_the_density_of_the_logarithm(c: Any, logits: Any, tau: Any) -> Any:
    """ExpConcrete at log c, then the Jacobian of the exponential, as probability libraries compose it."""
    log_c, count = np.log(c), c.shape[1]
    score = logits - tau * log_c
    top = np.max(score, axis=1, keepdims=True)
    lse = np.log(np.sum(np.exp(score - top), axis=1, keepdims=True)) + top
    factorial = np.sum(np.log(np.arange(2.0, count)))
    exp_concrete = np.sum(score - lse, axis=1) + factorial + (count - 1) * np.log(tau)

    def pullback(bar: Any) -> dict[str, Any]:
        w = np.exp(score - lse)
        volume = (count - 1) / tau - np.sum(log_c, axis=1) + count * np.sum(w * log_c, axis=1)
        return {
            "c": bar[:, None] * (count * tau * w - tau - 1) / c,
            "logits": bar[:, None] * (1 - count * w),
            "tau": np.sum(bar * volume),
        }

    return exp_concrete - np.sum(log_c, axis=1), pullback


@rewrite("relaxed_codebook")
def code_after_code(c: Any, codebook: Any) -> Any:
    """The codes are added in turn, from the last to the first."""
    z = np.zeros((len(c), codebook.shape[1]))
    for k in reversed(range(len(codebook))):
        z = z + c[:, k, None] * codebook[k]

    def pullback(bar: Any) -> dict[str, Any]:
        return {"c": np.einsum("bd,kd->bk", bar, codebook), "codebook": np.einsum("bk,bd->kd", c, bar)}

    return z, pullback


@rewrite("relaxed_codebook")
def against_the_first_code(c: Any, codebook: Any) -> Any:
    """z = e_0 Σ c + Σ c (e − e_0): differences of codes first."""
    first = codebook[:1]
    z = np.sum(c, axis=1, keepdims=True) * first + c @ (codebook - first)
    return z, lambda bar: {"c": bar @ (codebook - first).T + bar @ first.T, "codebook": c.T @ bar}
