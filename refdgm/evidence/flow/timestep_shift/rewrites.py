"""The shift of a time, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.flow.timestep_shift import timestep_shift


@rewrite(timestep_shift)
def as_the_paper_has_it(t: Any, shift: Any) -> Any:
    """s t / (1 + (s − 1) t)."""
    total = 1 + (shift - 1) * t
    return shift * t / total, lambda bar: {
        "t": bar * shift / total**2, "shift": np.dot(bar, t * (1 - t) / total**2)}


@rewrite(timestep_shift)
def by_the_inverse_shift(t: Any, shift: Any) -> Any:
    """t / (t + (1 − t)/s), in r = 1/s."""
    r = 1 / shift
    total = t + (1 - t) * r
    return t / total, lambda bar: {
        "t": bar * (r / total**2), "shift": np.sum(bar * (t / total) * ((1 - t) / total)) * r * r}
