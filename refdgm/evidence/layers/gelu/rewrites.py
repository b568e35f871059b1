"""Numbers times a normal chance, written otherwise."""

import math
from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.layers.gelu import gelu


@rewrite(gelu)
def number_after_number(x: Any) -> Any:
    """Python's erfc of every number, with the density inside the slope."""
    chance = np.array([math.erfc(-v / math.sqrt(2)) / 2 for v in x.ravel()]).reshape(x.shape)
    with np.errstate(over="ignore"):
        slope = chance + x * np.exp(-x * x / 2 - math.log(2 * math.pi) / 2)
    return x * chance, lambda bar: {"x": bar * slope}
