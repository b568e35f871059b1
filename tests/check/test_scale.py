"""A scale is measured as far as an answer needs, and no verdict is another for it."""

from collections import Counter

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.candidates import embedded
from refdgm.check.judging.compare import compare
from refdgm.check.judging.scale import Scale
from refdgm.check.judging.tolerance import C, Tolerance
from refdgm.check.verdicts import AGREES, LOSES
from tests.check.judge import MEAN, VALUE, question, right

CHANGES = [{"a": np.array([1.0, 0.0]), "b": np.array([2.0])}, {"a": np.array([0.0, 3.0])}, {"a": np.array([5.0, 1.0])}]


def steps(asked):
    for change in CHANGES:
        asked["steps"] += 1
        yield (change,)


def scale(asked, read=lambda role, x: x):
    return Scale({"a": np.zeros(2), "b": np.zeros(1)}, steps(asked), read)


def test_no_more_is_measured_than_is_enough():
    """And what was measured for one role is there for the next."""
    asked = Counter()
    measured = scale(asked)
    assert measured.until("a", lambda x: True).max() == 0 and asked["steps"] == 0
    assert list(measured.until("a", lambda x: x[1] >= 2)) == [1, 3] and asked["steps"] == 2
    assert list(measured.until("b", lambda x: x[0] >= 2)) == [2] and asked["steps"] == 2
    assert list(measured.until("a", lambda x: False)) == [5, 3] and asked["steps"] == 3


def test_the_whole_of_it():
    """Is the largest of all changes, read as it is to be read; of no role there is nothing to measure."""
    whole = scale(Counter(), read=lambda role, x: x + (role == "b")).whole
    assert {role: list(x) for role, x in whole.items()} == {"a": [5, 3], "b": [3]}
    assert Scale({}, steps(Counter())).whole == {}


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
@pytest.mark.parametrize("share", [0.2, 0.9, 1.1, 30.0, 1e4, 1e9])
def test_the_verdict_is_that_of_the_whole(share, dtype):
    """Of answers that are off by shares of the conditioning, in every element: verdict, place and digits."""
    asked = question(dtype=dtype)
    whole, lazy = Tolerance(asked, dtype), Tolerance(asked, dtype)
    answers = {role: x + share * C * whole.conditioning[role] for role, x in right(asked).items()}
    assert whole.evaluation and whole.as_written
    assert list(map(str, compare(lazy, answers, []))) == list(map(str, compare(whole, answers, [])))


def test_a_right_answer_costs_a_step_or_two(monkeypatch):
    """Of the conditioning, where it is beyond a few roundings; of all forms, where it has lost digits: eˣ − 1 − x of
    its parts loses them."""
    case = draw(CATALOGUE["gaussian_kl"], 3)
    case.arrays.update({role: x / 64 for role, x in case.arrays.items() if role.startswith("input.")})
    asked = question(case=case)
    answers, beyond = right(asked), {VALUE: 20 * C * Tolerance(asked).conditioning[VALUE]}
    steps, plain = Counter(), Tolerance._changes

    def counted(self, *rest, **options):
        for change in plain(self, *rest, **options):
            steps["made"] += 1
            yield change

    monkeypatch.setattr(Tolerance, "_changes", counted)
    answers[MEAN] = answers[MEAN] * (1 + 1.1 * C * 2.0**-53)
    tolerance = Tolerance(asked)
    found = {one.role: one.verdict for one in compare(tolerance, answers, [])}
    assert found == dict.fromkeys(found, AGREES) and 0 < steps["made"] <= 3
    answers[VALUE] = answers[VALUE] + beyond[VALUE]
    found = {one.role: one.verdict for one in compare(tolerance, answers, [])}
    assert found[VALUE] == LOSES and 6 < steps["made"] <= 6 + 3 * len(embedded.usual("gaussian_kl"))
