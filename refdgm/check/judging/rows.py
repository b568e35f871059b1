"""A large array whose rows are independent of each other, judged some rows at a time, the furthest first.

Every element is compared, and is right only if it is shown to be within what an honest evaluation may be off: by the
roundoff of its own number, by a few evaluations, or by all that is ever measured. It ends at the first part that is
wrong, for more cannot change that verdict. Whether digits are lost is costlier than whether the function is right: it
is asked of the furthest rows and of some from all over the array, and the report says of how many.

Rows are independent where the reference gives the same numbers to some of them as to all. That is asked of every part.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from refdgm.check.questions.question import Question
from refdgm.declaration.domain import Array

MANY = 2**18  # elements, below which all is measured at once
PART = 2**16  # elements that are measured together
SPREAD = 8  # rows from all over the array, in the first part
LOOKS = 12  # evaluations, each of the rows that those before have left
SAME = 2.0**-26  # of the largest number of a row: a sum over fewer rows may be added up in another order


@dataclass
class Bounds:
    """Of every element: what it may be off to agree, and to be this function at all; what is beyond; and which rows
    were measured."""

    strict: Any
    loose: Any
    lost: Any
    wrong: Any
    measured: Any = True


Judge = Callable[[Any, str, Any, Any, Any], Bounds]  # by a tolerance: a role, what came, its errors, the roundoff's


def of(question: Question, some: Any) -> Question | None:
    """The question about some rows alone; None where it is none of rows."""
    ref, arrays = question.ref, dict[str, Any]()
    shapes = {name: domain.shape for name, domain in (*ref.args.items(), *ref.result.items())
              if isinstance(domain, Array)}
    per = {map_.per for map_ in question.maps.values()}
    if question.terms.reduction != "none" or "B" in per or any("B" in shape[1:] for shape in shapes.values()):
        return None
    for role, x in question.case.arrays.items():
        rowed = shapes.get(role.partition(".")[2], ())[:1] == ("B",)
        arrays[role] = x[some] if rowed else x
    return replace(question, case=replace(question.case, arrays=arrays))


def judged(tolerance: Any, role: str, got: Any, error: Any, quick: Any, judge: Judge) -> Bounds | None:
    """The bounds of a role, by its rows; None where it is too small, or its rows are not independent."""
    if error.size < MANY or error.ndim < 2 or of(tolerance.question, [0]) is None:
        return None
    try:
        return _Rows(tolerance, role, got, error, quick, judge).found()
    except _Mixed:
        tolerance.parts.pop(role, None)
        return None


class _Mixed(Exception):
    """The reference gives other numbers to some of the rows than to all."""


class _Rows:
    """The rows of one role."""

    def __init__(self, tolerance: Any, role: str, got: Any, error: Any, quick: Any, judge: Judge) -> None:
        self.tolerance, self.role, self.judge = tolerance, role, judge
        self.got, self.error, self.quick = got, error, quick
        self.bounds = Bounds(np.full(error.shape, np.inf), np.full(error.shape, np.inf), np.zeros(error.shape, bool),
                             np.zeros(error.shape, bool), np.zeros(len(error), bool))

    def found(self) -> Bounds:
        """Of the rows that are measured; all others are within."""
        many, at_once = len(self.error), max(1, PART * len(self.error) // self.error.size)
        far = np.max((self.error / np.where(self.quick > 0, self.quick, 5e-324)).reshape(many, -1), axis=1)
        far = [int(n) for n in np.argsort(-far, kind="stable") if not far[n] <= 1]
        first = dict.fromkeys([*far[: at_once // 2 + 1], *np.linspace(0, many - 1, SPREAD).astype(int).tolist()])
        if self._right(sorted(first)):
            left = self._left([n for n in far if n not in first], at_once)
            all(self._right(rows) for rows in _parts(left, at_once))
        return self.bounds

    def _of(self, rows: list[int]) -> Any:
        """The tolerance of some rows."""
        asked = of(self.tolerance.question, rows)
        assert asked is not None
        whole, part = self.tolerance.question.base[self.role][rows], asked.base[self.role]
        if part.shape != whole.shape or not _same(part, whole):
            raise _Mixed
        return type(self.tolerance)(asked, self.tolerance.dtype, self.error.size)

    def _left(self, left: list[int], at_once: int) -> list[int]:
        """Those of some rows with an element that none of a few evaluations shows to be right."""
        beyond = ~(self.error <= self.quick)
        for number in range(LOOKS):
            for rows in _parts(left, at_once):
                beyond[rows] &= ~(self.error[rows] <= self._of(rows).looked(self.role, number))
            left = [n for n in left if beyond[n].any()]
        return left

    def _right(self, rows: list[int]) -> bool:
        """Whether no row of these is wrong; measured as far as that needs."""
        one = self._of(rows)
        bounds = self.judge(one, self.role, self.got[rows], self.error[rows], self.quick[rows])
        for name in ("strict", "loose", "lost", "wrong"):
            getattr(self.bounds, name)[rows] = getattr(bounds, name)
        self.bounds.measured[rows] = True
        self.tolerance.parts.setdefault(self.role, []).append((rows, one))
        return not bounds.wrong.any()


def _parts(rows: list[int], at_once: int) -> Iterator[list[int]]:
    return (sorted(rows[start : start + at_once]) for start in range(0, len(rows), at_once))


def _same(part: Any, whole: Any) -> bool:
    scale = np.max(np.abs(np.where(np.isfinite(whole), whole, 0.0)), axis=tuple(range(1, whole.ndim)), keepdims=True)
    with np.errstate(all="ignore"):
        same = (part == whole) | (np.abs(part - whole) <= SAME * scale) | (np.isnan(part) & np.isnan(whole))
    return bool(same.all())
