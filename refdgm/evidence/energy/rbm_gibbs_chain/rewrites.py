"""The chain of a restricted machine, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.rbm_gibbs_chain import rbm_gibbs_chain
from refdgm.evidence.declare import rewrite


@rewrite(rbm_gibbs_chain)
def by_logits(v: Any, W: Any, b: Any, c: Any, u_hidden: Any, u_visible: Any) -> Any:
    """A unit is on where what it is told exceeds the logit of its number, log u − log(1 − u)."""
    with np.errstate(divide="ignore"):
        up, down = (np.log(u) - np.log1p(-u) for u in (u_hidden, u_visible))
    hidden, visible = np.zeros(up.shape, np.int64), np.zeros(down.shape, np.int64)
    for t in range(up.shape[1]):
        hidden[:, t] = np.einsum("hd,bd->bh", W, v) + c > up[:, t]
        v = (np.einsum("hd,bh->bd", W, hidden[:, t]) + b > down[:, t]).astype(W.dtype)
        visible[:, t] = v
    return hidden, visible


@rewrite(rbm_gibbs_chain)
def chain_by_chain(v: Any, W: Any, b: Any, c: Any, u_hidden: Any, u_visible: Any) -> Any:
    """One example after the other; chances by tanh."""
    chance = lambda a: (1 + np.tanh(a / 2)) / 2
    hidden, visible = np.zeros(u_hidden.shape, np.int64), np.zeros(u_visible.shape, np.int64)
    for n, state in enumerate(v):
        for t, (up, down) in enumerate(zip(u_hidden[n], u_visible[n], strict=True)):
            h = up < chance(W @ state + c)
            state = down < chance(h @ W + b)
            hidden[n, t], visible[n, t] = h, state
    return hidden, visible
