"""Whether the answers that somebody's file gives are right, and which known mistakes its cases would not reveal."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.check import verdicts
from refdgm.check.judging.compare import compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.numbers import Arrays
from refdgm.check.questions.question import Question, Terms
from refdgm.evidence import find
from refdgm.reference import Reference

CLEARLY = 1e-6  # of a number, or of so much of the largest in its array: as far must a mistake be from what is right


def question(ref: Reference, case: Case) -> Question:
    """All of it, in float64; the case holds no answers, so that the reference judges."""
    return Question(ref, case, Terms(tuple(ref.result), ref.wrt))


def wrong(asked: Question, answers: Arrays) -> str:
    """What is not right in the answers to this case, each judged in the dtype in which it is stored; else nothing."""
    undefined = [role for role, y in asked.base.items() if y.dtype.kind == "f" and np.isnan(y).any()]
    if undefined:
        return f"{undefined[0]} is no number for these inputs; give others"
    for dtype in ("float64", "float32"):
        stored = {role for role, x in answers.items() if (x.dtype == np.float32) == (dtype == "float32")}
        for outcome in compare(Tolerance(asked, dtype), answers, []) if stored else ():
            if outcome.role in stored and outcome.verdict not in (*verdicts.PASSING, verdicts.ILL):
                what = outcome.note if outcome.shapes or outcome.got is None else (
                    f"{outcome.role}{list(outcome.at) or ''} is {outcome.got!r}, right is {outcome.expected!r}")
                return f"{what}; give right answers, or ask with --shape"
    return ""


def unseen(ref: Reference, cases: Sequence[Case]) -> list[str]:
    """The known mistakes whose numbers are the right ones in every case."""
    asked = [question(ref, case) for case in cases]
    return [one.name for one in find.mistakes(ref.name) if not any(_reveals(one.body, each) for each in asked)]


def _reveals(body: Any, asked: Question) -> bool:
    try:
        theirs = asked.by(body, asked.inputs, asked.bars)
    except Exception:  # a mistake may be one that cannot even run on some shapes
        return False
    return any(role not in theirs or _apart(theirs[role], right) for role, right in asked.base.items())


def _apart(theirs: Any, right: Any) -> bool:
    if theirs.shape != right.shape or right.dtype.kind != "f":
        return not np.array_equal(theirs, right)
    with np.errstate(all="ignore"):
        near = np.abs(theirs - right) <= CLEARLY * np.maximum(np.abs(right), CLEARLY * np.max(np.abs(right)))
    return not bool(np.all(near | (theirs == right)))
