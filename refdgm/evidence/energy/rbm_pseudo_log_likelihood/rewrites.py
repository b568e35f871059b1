"""The pseudo-log-likelihood of a restricted machine, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.rbm_pseudo_log_likelihood import rbm_pseudo_log_likelihood
from refdgm.evidence.declare import rewrite


def logistic(a: Any) -> Any:
    return np.exp(-np.logaddexp(0, -a))


@rewrite(rbm_pseudo_log_likelihood)
def by_free_energies(v: Any, W: Any, b: Any, c: Any) -> Any:
    """Free energies of the data and of all turned states; data less turned states, phase by phase."""
    D = v.shape[1]
    others = v[:, None] + (1 - 2 * v)[:, None] * np.eye(D, dtype=v.dtype)
    free = lambda x: -(x @ b) - np.sum(np.logaddexp(0, x @ W.T + c), axis=-1)
    odds = free(v)[:, None] - free(others)

    def pullback(bar: Any) -> dict[str, Any]:
        slope = bar[:, None] * logistic(odds)
        up, there = slope.sum(axis=1)[:, None] * logistic(v @ W.T + c), slope[..., None] * logistic(others @ W.T + c)
        return {"W": up.T @ v - np.einsum("bih,bid->hd", there, others),
                "b": slope.sum(axis=1) @ v - np.einsum("bi,bid->d", slope, others),
                "c": up.sum(axis=0) - there.sum(axis=(0, 1))}

    return np.sum(-np.logaddexp(0, odds), axis=1), pullback


@rewrite(rbm_pseudo_log_likelihood)
def unit_by_unit(v: Any, W: Any, b: Any, c: Any) -> Any:
    """A loop over the visible units; both hidden means of each are at hand."""
    a, value, slopes, lifted = v @ W.T + c, 0, [], []
    for i in range(v.shape[1]):
        turn = 1 - 2 * v[:, i]
        m = a + turn[:, None] * W[:, i]
        d = turn * b[i] + np.sum(np.logaddexp(0, m) - np.logaddexp(0, a), axis=1)
        value, slopes, lifted = value - np.logaddexp(0, d), [*slopes, logistic(d)], [*lifted, logistic(m)]

    def pullback(bar: Any) -> dict[str, Any]:
        W_bar, b_bar, c_bar = np.zeros_like(W), np.zeros_like(b), np.zeros_like(c)
        for i, (slope, up) in enumerate(zip(slopes, lifted, strict=True)):
            turn, of_d = 1 - 2 * v[:, i], -bar * slope
            both = of_d[:, None] * (up - logistic(a))
            W_bar = W_bar + both.T @ v
            W_bar[:, i] += np.sum((turn * of_d)[:, None] * up, axis=0)
            b_bar[i], c_bar = np.sum(turn * of_d), c_bar + both.sum(axis=0)
        return {"W": W_bar, "b": b_bar, "c": c_bar}

    return value + 0 * v[:, 0], pullback
