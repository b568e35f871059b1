"""The log-likelihood of a deep Boltzmann machine, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.dbm_log_likelihood import dbm_log_likelihood
from refdgm.evidence.declare import rewrite


def softplus(a: Any) -> Any:
    return np.logaddexp(0, a)


@rewrite(dbm_log_likelihood)
def a_restricted_machine_that_is_half_seen(v: Any, W1: Any, W2: Any, b: Any, c1: Any, c2: Any) -> Any:
    """The visible units and the second layer are one side of a restricted machine, the first layer is the other; the
    states of the second are summed over where the data are, and those of the first where they are not."""
    many, hidden = len(c2), len(c1)
    h = np.array([[s >> k & 1 for k in range(many)] for s in range(2**many)], v.dtype)
    g = np.array([[s >> i & 1 for i in range(hidden)] for s in range(2**hidden)], v.dtype)
    W, bias = np.concatenate([W1, W2.T], axis=1), np.concatenate([b, c2])
    side = np.concatenate([np.repeat(v[:, None], len(h), 1), np.repeat(h[None], len(v), 0)], axis=2)
    a = side @ W.T + c1
    scores = side @ bias + np.sum(softplus(a), axis=2)
    seen = np.logaddexp.reduce(scores, axis=1)
    q, on = np.exp(scores - seen[:, None]), np.exp(-softplus(-a))
    e = g @ W + bias
    alone = g @ c1 + np.sum(softplus(e), axis=1)
    log_z = np.logaddexp.reduce(alone)
    p, out = np.exp(alone - log_z), np.exp(-softplus(-e))

    def pullback(bar: Any) -> dict[str, Any]:
        w, total = bar[:, None] * q, np.sum(bar)
        of_weights = np.einsum("bs,bsi,bsn->in", w, on, side) - total * np.einsum("s,si,sn->in", p, g, out)
        of_bias = np.einsum("bs,bsn->n", w, side) - total * (p @ out)
        d = len(b)
        return {"v": bar[:, None] * b + np.einsum("bs,bsi,ij->bj", w, on, W1), "W1": of_weights[:, :d],
                "W2": of_weights[:, d:].T, "b": of_bias[:d], "c1": np.einsum("bs,bsi->i", w, on) - total * (p @ g),
                "c2": of_bias[d:]}

    return seen - log_z, pullback
