"""The loss whose slope is that of an expectation, and whose value is not."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.latent.score_function_estimator import leave_one_out_estimator, score_function_estimator
from refdgm.namespace import Array, namespace


@variant("the loss of policy gradients, mean (f − b) log q with costs that are held", score_function_estimator)
def policy(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """A surrogate: its value is no mean cost, its slope in log q is the same, and the costs have none."""
    right = score_function_estimator.body(log_prob, cost, baseline)[1]
    value = namespace(cost).mean((cost - baseline[:, None]) * log_prob, axis=-1)
    return value, lambda bar: right(bar) | {"cost": 0 * cost}


@variant("the loss of policy gradients, mean (f − b) log q with costs that are held", leave_one_out_estimator)
def policy_of_others(log_prob: Array, cost: Array) -> Any:
    """A surrogate: its value is no mean cost, its slope in log q is the same, and the costs have none."""
    xp, many = namespace(cost), cost.shape[1]
    right = leave_one_out_estimator.body(log_prob, cost)[1]
    others = (xp.sum(cost, axis=-1, keepdims=True) - cost) / (many - 1)
    return xp.mean((cost - others) * log_prob, axis=-1), lambda bar: right(bar) | {"cost": 0 * cost}
