"""The density of the Concrete distribution, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.concrete_log_density import concrete_log_density


@rewrite(concrete_log_density)
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
