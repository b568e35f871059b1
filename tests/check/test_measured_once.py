"""A check measures the tolerance of a question once, and gives none to another question."""

from dataclasses import replace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.check.judging.once import measuring_once, measuring_together
from refdgm.check.judging.tolerance import Tolerance, once_measured
from refdgm.check.questions import cases
from refdgm.check.questions.question import Question, Terms

REF = CATALOGUE["gaussian_kl"]
TERMS = Terms(tuple(REF.result), REF.wrt)


@pytest.fixture
def question():
    return Question(REF, cases.shipped(REF)[3], TERMS, "float64")


def test_the_same_question(question):
    with measuring_once():
        first = once_measured(question, "float64")
        again = once_measured(Question(REF, question.case, TERMS, "float64"), "float64")
    assert again is first


@pytest.mark.parametrize("what", ["dtype of the answer", "dtype", "terms", "case"])
def test_another_question(question, what):
    other, dtype = question, "float64"
    if what == "dtype of the answer":
        dtype = "float32"
    elif what == "dtype":
        other = Question(REF, question.case, question.terms, "float32")
    elif what == "terms":
        other = Question(REF, question.case, replace(question.terms, reduction="sum"), "float64")
    else:
        other = Question(REF, replace(question.case), question.terms, "float64")
    with measuring_once():
        first, second = once_measured(question, "float64"), once_measured(other, dtype)
    assert second is not first and (second.question, second.dtype) == (other, dtype)


def test_outside_of_a_check_and_in_the_next_one(question):
    assert once_measured(question, "float64") is not once_measured(question, "float64")
    with measuring_once():
        first = once_measured(question, "float64")
        with measuring_once():
            inner = once_measured(question, "float64")
        assert inner is not first and once_measured(question, "float64") is first
    with measuring_once():
        assert once_measured(question, "float64") is not first


def test_a_part_is_asked_about_once_and_is_not_kept(question):
    """Among so many numbers as there are of the whole."""
    with measuring_once():
        part = once_measured(question, "float64", 2**18)
        assert part is not once_measured(question, "float64", 2**18) and part.among == 2**18
        assert once_measured(question, "float64").among == 0


def test_several_checks_share_it_where_somebody_says_so(question):
    with measuring_together():
        with measuring_once():
            first = once_measured(question, "float64")
        with measuring_once():
            assert once_measured(question, "float64") is first
        with measuring_together(), measuring_once():
            assert once_measured(question, "float64") is not first
    with measuring_once():
        assert once_measured(question, "float64") is not first


def test_a_check_asks_the_same_cases_as_the_one_before():
    """By which the tolerance of a question is known again: those that are shipped, and those with one long axis."""
    assert all(case is other for case, other in zip(cases.shipped(REF), cases.shipped(REF), strict=True))
    first, again, other = (cases.tiles(REF, seed, [{}]) for seed in (3, 3, 4))
    assert first and all(case is other for case, other in zip(first, again, strict=True))
    assert not any(case is one for case, one in zip(first, other, strict=True))


def test_it_is_the_tolerance_itself(question):
    with measuring_once():
        assert once_measured(question, "float64").as_written  # the scale that asks for all others
        kept = once_measured(question, "float64")
    fresh = Tolerance(question, "float64")
    for name in ("conditioning", "evaluation", "as_written"):
        mine, theirs = getattr(kept, name), getattr(fresh, name)
        assert mine.keys() == theirs.keys() and mine
        assert all(np.array_equal(x, theirs[role], equal_nan=True) for role, x in mine.items())
