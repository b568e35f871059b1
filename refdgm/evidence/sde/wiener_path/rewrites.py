"""A Wiener path, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.wiener_path import wiener_path


@rewrite(wiener_path)
def by_a_triangular_matrix(eps: Any, h: Any) -> Any:
    """w = L ε, where L has √h_k in every row from the k-th on; its transpose pulls back."""
    lower = np.tril(np.ones((len(h), len(h)), eps.dtype)) * np.sqrt(h)

    def pullback(bar: Any) -> dict[str, Any]:
        of_lower = np.einsum("bnd,bkd->nk", bar, eps)
        return {"h": np.sum(np.tril(of_lower), axis=0) * 0.5 * h**-0.5}

    return np.einsum("nk,bkd->bnd", lower, eps), pullback


@rewrite(wiener_path)
def one_step_after_the_other(eps: Any, h: Any) -> Any:
    """The path is walked, and its cotangents are gathered on the way back."""
    w, path = np.zeros_like(eps[:, 0]), np.empty_like(eps)
    for n in range(len(h)):
        w = w + h[n] ** 0.5 * eps[:, n]
        path[:, n] = w

    def pullback(bar: Any) -> dict[str, Any]:
        later, h_bar = 0 * bar[:, 0], np.zeros_like(h)
        for n in range(len(h) - 1, -1, -1):
            later = later + bar[:, n]
            h_bar[n] = np.vdot(later, eps[:, n]) / (2 * h[n] ** 0.5)
        return {"h": h_bar}

    return path, pullback
