"""What cases of partition functions share: sizes, and what their flags mean."""

from typing import Any

import numpy as np

NOTES = {
    "counted": "log-weights of exactly zero: states are counted",
    "quadrature": "the nodes and weights of a trapezium rule, and an energy that has a closed form",
    "cold": "large energies: one state has nearly all of the probability",
    "hot": "small energies: all states are nearly alike, and the weights decide",
    "masked_logit": "a category with the logit −∞: it has no share and no gradient",
}
SQUARE, ONE, MANY, LONG = {"B": 5, "K": 5}, {"B": 1, "K": 7}, {"B": 3, "K": 23}, {"B": 2, "K": 11}
POINTS = np.linspace(-3.4375, 3.4375, 23)
LOG_SPACES = np.log(np.where(abs(POINTS) < 3.4, 0.3125, 0.15625))


def without(log_weight: Any) -> Any:
    """The second node has no weight."""
    changed = log_weight.copy()
    changed[1] = -np.inf
    return changed
