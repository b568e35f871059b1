"""The greedy bound of a deep belief network, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.dbn_bound import dbn_bound
from refdgm.evidence.declare import rewrite


def softplus(a: Any) -> Any:
    return np.logaddexp(0, a)


def sigmoid(a: Any) -> Any:
    return np.exp(-softplus(-a))


@rewrite(dbn_bound)
def entropy_by_units(v: Any, R: Any, r: Any, G: Any, g: Any, W: Any, b: Any, c: Any) -> Any:
    """Entropy unit by unit; the slope in each logit as σσ' times what the unit's being on is worth, less the logit."""
    n = len(r)
    h = np.array([[s >> i & 1 for i in range(n)] for s in range(2**n)], v.dtype)
    a, f, t = v @ R.T + r, h @ G.T + g, h @ W.T + c
    on, off = sigmoid(a), sigmoid(-a)
    q = np.exp(-(softplus(-a) @ h.T + softplus(a) @ (1 - h).T))
    free = h @ b + np.sum(softplus(t), axis=1)
    log_z = np.logaddexp.reduce(free)
    p, s = np.exp(free - log_z), sigmoid(t)
    worth = v @ f.T - np.sum(softplus(f), axis=1) + free
    value = np.sum(q * worth, axis=1) + np.sum(on * softplus(-a) + off * softplus(a), axis=1) - log_z

    def pullback(bar: Any) -> dict[str, Any]:
        each = bar[:, None] * q
        slopes = []
        for i in range(n):
            others = np.exp(np.log(q) - np.where(h[:, i] == 1, -softplus(-a[:, i:i + 1]), -softplus(a[:, i:i + 1])))
            sign = 2 * h[:, i] - 1
            slopes.append(on[:, i] * off[:, i] * (np.sum(sign * others * worth, axis=1) - a[:, i]))
        a_bar = bar[:, None] * np.stack(slopes, axis=1)
        f_bar = each.T @ v - np.sum(each, axis=0)[:, None] * sigmoid(f)
        d = bar @ (q - p)
        return {"v": a_bar @ R + each @ f, "R": a_bar.T @ v, "r": np.sum(a_bar, axis=0), "G": f_bar.T @ h,
                "g": np.sum(f_bar, axis=0), "W": (d[:, None] * s).T @ h, "b": d @ h, "c": d @ s}

    return value, pullback
