"""Which catalogued mistakes a case reveals: those whose numbers differ from the certified ones by a clear margin."""

from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.evidence.declare import Mistake
from refdgm.evidence.find import mistakes
from refdgm.reference import Reference

MARGIN = 1e-6  # of the number itself, or of 1e-6 of the largest number in its array
ROUNDING = 1000.0  # times what the reference itself is off by in that array


def kills(ref: Reference, case: Case) -> tuple[str, ...]:
    """The names of the mistakes that this case reveals in float64."""
    ours = answer(ref, ref.body, case)
    return tuple(sorted(entry.name for entry in mistakes(ref.name) if reveals(ref, entry, case, ours)))


def reveals(ref: Reference, entry: Mistake, case: Case, ours: dict[str, np.ndarray]) -> bool:
    try:
        theirs = answer(ref, entry.body, case)
    except (IndexError, ValueError):  # a body that needs an axis more than the case has reveals nothing here
        return False
    return any(differs(theirs.get(name), ours[name], case.arrays[name]) for name in ours)


def answer(ref: Reference, body: Any, case: Case) -> dict[str, np.ndarray]:
    """Outputs and gradients of a body in float64, by role and name."""
    with np.errstate(all="ignore"):  # a mistake may overflow; that is one way of being found out
        return {name: np.asarray(x) for name, x in ref.answers(case, body).items()}


def differs(theirs: np.ndarray | None, ours: np.ndarray, stored: np.ndarray) -> bool:
    """Whether any element is clearly another number, and not merely one rounded worse than ours."""
    if theirs is None or theirs.shape != stored.shape:
        return True
    if stored.dtype.kind == "i":
        return bool(np.any(theirs != stored))
    if not stored.size:
        return False
    largest = np.max(np.abs(stored))
    noise = ROUNDING * np.max(np.abs(ours - stored))
    with np.errstate(all="ignore"):
        apart = np.abs(theirs - stored)
        clear = (apart > MARGIN * np.maximum(np.abs(stored), 1e-6 * largest)) & (apart > noise)
    return bool(np.any(clear | ~np.isfinite(theirs)))
