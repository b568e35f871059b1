"""The log-likelihood of a restricted machine, written otherwise."""

from itertools import product
from typing import Any

import numpy as np

from refdgm.energy.rbm_log_likelihood import rbm_log_likelihood
from refdgm.evidence.declare import rewrite


def softplus(a: Any) -> Any:
    return np.logaddexp(0, a)


@rewrite(rbm_log_likelihood)
def state_by_state(v: Any, W: Any, b: Any, c: Any) -> Any:
    """A loop over hidden states, last unit fastest; the data's part minus J_bar's sum times the model's."""
    a = v @ W.T + c
    p = np.exp(a - softplus(a))
    rows = [np.array(h, v.dtype) for h in product((0, 1), repeat=len(c))]
    logs = np.array([h @ c + np.sum(softplus(b + h @ W)) for h in rows])
    log_z = np.logaddexp.reduce(logs)
    law = [np.exp(one - log_z) for one in logs]
    on = [np.exp(-softplus(-(b + h @ W))) for h in rows]

    def pullback(bar: Any) -> dict[str, Any]:
        total = np.sum(bar)
        mean = lambda f: sum(w * f(h, q) for w, h, q in zip(law, rows, on, strict=True))
        return {"v": bar[:, None] * (b + p @ W), "W": (bar[:, None] * p).T @ v - total * mean(np.outer),
                "b": bar @ v - total * mean(lambda h, q: q), "c": bar @ p - total * mean(lambda h, q: h)}

    return v @ b + np.sum(softplus(a), axis=1) - log_z, pullback


@rewrite(rbm_log_likelihood)
def by_the_joint_law(v: Any, W: Any, b: Any, c: Any) -> Any:
    """Log-weights of all hidden states with the data and alone; each difference before it is summed."""
    h = np.array(list(product((0, 1), repeat=len(c))), v.dtype)
    e = h @ W + b
    alone, joint = h @ c + np.sum(softplus(e), axis=1), v @ (h @ W).T + (v @ b)[:, None] + h @ c
    total, whole = np.logaddexp.reduce(alone), np.logaddexp.reduce(joint, axis=1)
    law, posterior = np.exp(alone - total), np.exp(joint - whole[:, None])
    q = np.exp(-softplus(-e))

    def pullback(bar: Any) -> dict[str, Any]:
        given = np.einsum("b,bs,sh,bd->hd", bar, posterior, h, v)
        model = np.einsum("s,sh,sd->hd", law, h, q)
        return {"v": bar[:, None] * (b + posterior @ h @ W), "W": given - bar.sum() * model,
                "b": bar @ (v - law @ q), "c": bar @ ((posterior - law) @ h)}

    return whole - total, pullback
