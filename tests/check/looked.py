"""A second look at slopes, with errors and scales that are given.

Slopes of a row that is zero are zero, so that an error of theirs is the very number that is given.
"""

from itertools import cycle
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.judging import precision
from refdgm.check.judging.checked import Result
from refdgm.check.judging.compare import Outcome
from refdgm.check.verdicts import DIFFERS
from tests.check.judge import MEAN, given, judge, question, right

SHAPE, HAIR = (5, 3), 1 + 2.0**-20
ONE, TWO, OTHER = (1, 1), (3, 2), (0, 0)  # elements of rows that are zero, and one of a row that is not


def zeroed():
    case = draw(CATALOGUE["gaussian_kl"], 3)
    case.arrays["input.mean"][[1, 3]] = 0.0
    return question(case=case)


def at(*pairs):
    """So much at a place each, elsewhere nothing."""
    x = np.zeros(SHAPE)
    for place, much in pairs:
        x[place] = much
    return x


def scaled(asked, loose):
    """A tolerance that allows eight times so much, and roundings of the numbers themselves."""
    tolerance = judge(asked, (0.0, 0.0, 0.0))
    vars(tolerance)["_evaluation"] = given({MEAN: np.zeros(SHAPE) + loose})
    return tolerance


class Given:
    """A tolerance whose numbers are exact."""

    def __init__(self, dtype, spread=1.0):
        self.dtype, self.usual = dtype, spread

    def spread(self, role):
        return np.full(3, self.usual)

    def strict(self, role):
        return np.zeros(3)


def noise(size, mean=0.0):
    """Now up, now down, about a mean."""
    return (size * (sign + mean) for sign in cycle([1, -1]))


def look(off, other, beside=None, mine=0.0, theirs=0.0, usual=None, spoilt=lambda each, x: x):
    """At slopes that are off by so much, in float32 by `other`, in questions beside by each of `beside`; where that is
    none there is no answer. `spoilt` changes what is returned. The verdict, its note, the questions that were put."""
    asked, put = zeroed(), list[Any]()

    def ask(each):
        put.append(each)
        if each.dtype == "float64" and beside is None:
            return None
        answers = right(each)
        answers[MEAN] = answers[MEAN] + (other if each.dtype == "float32" else next(beside))
        return spoilt(each, answers)

    outcome = Outcome(MEAN, DIFFERS, arrays=(asked.expected[MEAN], asked.expected[MEAN] + off))
    result = Result(asked, DIFFERS, [outcome], tolerance=scaled(asked, mine))
    with pytest.MonkeyPatch.context() as there:
        there.setattr(precision, "once_measured", lambda each, dtype: scaled(each, theirs))
        precision.second_look(result, ask, usual or {})
    assert result.verdict == outcome.verdict
    return SimpleNamespace(verdict=result.verdict, note=outcome.note, asked=put)


def judged(*words, **more):
    return look(*words, **more).verdict
