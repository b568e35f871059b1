"""Derivatives by Richardson's extrapolation of central differences, with a bound of their own error."""

import numpy as np

LEVELS = 12  # steps of 2⁻⁶ to 2⁻¹⁷: short numbers may stand 2⁻¹⁰ from a pole, and half of the steps must lie nearer


def derivative(f, first_step=2.0**-6):
    """(f'(0), a bound of its error): the entry of the extrapolation table with the smallest bound.

    An entry's truncation is bounded by its distance to its two parents (Ridders 1982), its rounding by that of
    the values in it: `f` returns the value and the sum of the absolute terms that it was added from.
    """
    eps, best, bound, row = np.finfo(np.float64).eps, None, np.inf, []
    for level in range(LEVELS):
        h = first_step / 2**level
        (above, size_above), (below, size_below) = f(h), f(-h)
        rounding = 8 * eps * (size_above + size_below) / (2 * h)
        before, row = row, [(above - below) / (2 * h)]
        for order, parent in enumerate(before, 1):
            row.append(row[-1] + (row[-1] - parent) / (4**order - 1))
            truncation = max(abs(row[-1] - row[-2]), abs(row[-1] - parent))
            if truncation + rounding < bound:
                best, bound = row[-1], truncation + rounding
    return best, bound
