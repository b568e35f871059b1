"""Schedules of a sampler's step, early, late and at the end."""

from typing import Any

from refdgm.evidence.ask import put

VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 7, "...": (3, 2)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
SMALL = [1e-4, 2e-4, 3e-4, 5e-4, 7e-4]
BEFORE_SMALL = [0.9999, 0.9997, 0.9995, 0.9990, 0.9983]
LATE = [0.017, 0.018, 0.019, 0.0195, 0.02]
BEFORE_LATE = [3e-4, 2e-4, 1e-4, 6e-5, 4e-5]
COSINE = [0.5, 0.75, 0.9, 0.99, 0.999]
BEFORE_COSINE = [0.25, 0.05, 0.01, 1e-3, 1e-5]
LAST = [1e-4, 0.001, 0.02, 0.25, 0.75]


def schedule(beta: list[float], before: list[float]) -> Any:
    return put(beta=beta, alpha_prod_prev=before)
