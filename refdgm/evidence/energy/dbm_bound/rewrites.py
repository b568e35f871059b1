"""The variational bound of a deep Boltzmann machine, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.dbm_bound import dbm_bound
from refdgm.evidence.declare import rewrite


@rewrite(dbm_bound)
def over_all_hidden_states(
    v: Any, mean1: Any, mean2: Any, W1: Any, W2: Any, b: Any, c1: Any, c2: Any
) -> Any:
    """log Z over every state of both hidden layers as a row; the entropy by logarithms of the odds."""
    many = len(c1) + len(c2)
    rows = np.array([[s >> i & 1 for i in range(many)] for s in range(2**many)], v.dtype)
    g, h = rows[:, :len(c1)], rows[:, len(c1):]
    a = g @ W1 + b
    w = np.sum((h @ W2) * g, axis=1) + g @ c1 + h @ c2 + np.sum(np.logaddexp(0, a), axis=1)
    e = np.exp(w - np.max(w))
    p, on = e / np.sum(e), np.exp(-np.logaddexp(0, -a))
    log_z = np.max(w) + np.log(np.sum(e))
    odds = [np.log(m) - np.log1p(-m) for m in (mean1, mean2)]
    disorder = sum(-np.sum(m * o + np.log1p(-m), axis=1) for m, o in zip((mean1, mean2), odds, strict=True))
    from_below, from_above, upwards = v @ W1.T + c1, mean2 @ W2, mean1 @ W2.T + c2

    def pullback(bar: Any) -> dict[str, Any]:
        each, count = bar[:, None], np.sum(bar)
        return {"v": each * (b + mean1 @ W1), "mean1": each * (from_below + from_above - odds[0]),
                "mean2": each * (upwards - odds[1]),
                "W1": np.einsum("b,bi,bj->ij", bar, mean1, v) - count * np.einsum("s,si,sj->ij", p, g, on),
                "W2": np.einsum("b,bi,bj->ij", bar, mean2, mean1) - count * np.einsum("s,si,sj->ij", p, h, g),
                "b": np.sum(each * (v - p @ on), axis=0), "c1": np.sum(each * (mean1 - p @ g), axis=0),
                "c2": np.sum(each * (mean2 - p @ h), axis=0)}

    value = v @ b + np.sum(mean1 * (from_below + from_above), axis=1) + mean2 @ c2 + disorder - log_z
    return value, pullback
