"""What an array tells and its elements do not: errors that all point toward zero.

A number that is cut where it should be rounded is off by less than the roundoff allows a right one, but always to the
same side. This is told, and is no verdict: a constant that lies below its value by a rounding does the same.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from refdgm.check.dtypes import SMALLEST
from refdgm.check.judging.checked import Checked
from refdgm.check.judging.compare import Outcome
from refdgm.check.verdicts import PASSING

MANY = 32  # errors in an array, before their signs say anything
ARRAYS = 4  # of so many errors, before all of them do: elements of a row may share one rounding
SIDED = 0.95  # of the errors of each array; of right code it is a half


def look(checked: Checked) -> None:
    """Note the roles whose errors point toward zero; in float64 the reference's own rounding is as large as theirs."""
    for role, pairs in checked.by_role().items():
        asked = [(result.question.dtype, outcome) for result, outcome in pairs if not result.coarse]
        sides = [side for dtype, outcome in asked if dtype != "float64" for side in _sides(outcome, dtype)]
        if len(sides) >= ARRAYS and min(toward / many for toward, many in sides) >= SIDED:
            toward, many = map(sum, zip(*sides, strict=True))
            checked.noted(f"{role.removeprefix('output.')}: {toward} of {many} errors point toward zero, as where "
                          "numbers are cut and not rounded; of roundings it is one half")


def _sides(outcome: Outcome, dtype: str) -> Iterator[tuple[int, int]]:
    """Of an array with errors enough: how many point toward zero, and how many there are."""
    if outcome.verdict not in PASSING or outcome.arrays is None or outcome.arrays[0].dtype.kind != "f":
        return
    right, got = outcome.arrays
    if right.shape != got.shape:
        return
    with np.errstate(all="ignore"):
        known: Any = np.isfinite(got) & (np.abs(right) >= SMALLEST[dtype]) & np.isfinite(right)
        toward = ((got - right) * np.sign(right))[known & (got != right)] < 0
    if toward.size >= MANY:
        yield int(toward.sum()), int(toward.size)
