"""Gradients by the logarithm of a law, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.score_function_estimator import leave_one_out_estimator, score_function_estimator


@rewrite(score_function_estimator)
def draw_by_draw(log_prob: Any, cost: Any, baseline: Any) -> Any:
    """A loop over the draws."""
    many = cost.shape[1]
    value = sum(cost[:, r] for r in range(many)) / many

    def pullback(bar: Any) -> dict[str, Any]:
        score = np.stack([bar * (cost[:, r] - baseline) / many for r in range(many)], axis=1)
        return {"log_prob": score, "cost": np.repeat((bar / many)[:, None], many, axis=1)}

    return value, pullback


@rewrite(leave_one_out_estimator)
def by_pairs(log_prob: Any, cost: Any) -> Any:
    """Σ_s (f_r − f_s)/(R (R − 1)): every draw against every other."""
    many = cost.shape[1]
    apart = np.sum(cost[:, :, None] - cost[:, None, :], axis=2) / (many * (many - 1))
    return np.sum(cost / many, axis=1), lambda bar: {
        "log_prob": bar[:, None] * apart, "cost": np.outer(bar, np.full(many, 1 / many, cost.dtype))}


@rewrite(leave_one_out_estimator)
def with_the_others_given(log_prob: Any, cost: Any) -> Any:
    """The estimator with a baseline, one draw at a time, the baseline being the mean of the others."""
    many, body = cost.shape[1], score_function_estimator.body
    each = [body(log_prob[:, r:r + 1], cost[:, r:r + 1], np.mean(np.delete(cost, r, axis=1), axis=1))
            for r in range(many)]
    value = sum(one for one, _ in each) / many

    def pullback(bar: Any) -> dict[str, Any]:
        grads = [back(bar / many) for _, back in each]
        return {name: np.concatenate([g[name] for g in grads], axis=1) for name in ("log_prob", "cost")}

    return value, pullback
