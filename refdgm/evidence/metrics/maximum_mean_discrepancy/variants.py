"""Its root."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.metrics.maximum_mean_discrepancy import maximum_mean_discrepancy
from refdgm.namespace import Array, namespace

BODY = maximum_mean_discrepancy.body


@variant("its root, of what is below zero none", maximum_mean_discrepancy)
def rooted(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """√max(0, MMD²): a distance, with a bias from either estimate."""
    xp = namespace(real)
    value, right = BODY(real, fake, bandwidth, estimator=estimator)
    root = xp.sqrt(xp.where(value > 0, value, xp.zeros_like(value)))
    return root, lambda bar: right(xp.where(root > 0, bar / (2 * xp.where(root > 0, root, xp.ones_like(root))), 0.0))
