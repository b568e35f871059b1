"""The observed order with which a pullback tends to the derivative of its value."""

from itertools import pairwise

import numpy as np


def observed(error_at, steps=(8, 16, 32)) -> list[float]:
    """log₂ of the quotients of the errors for doubled numbers of steps."""
    errors = [error_at(n) for n in steps]
    return [float(np.log2(coarse / fine)) for coarse, fine in pairwise(errors)]
