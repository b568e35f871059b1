"""Which rows of a large array are looked at further, and what is then asked of them."""

from dataclasses import replace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.judging import narrow
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import AGREES, DIFFERS, MISSING

MANY, SPREAD = 64, {0, 9, 18, 27, 36, 45, 54, 63}  # of 64 rows eight from all over


def result(many=MANY, name="gaussian_kl", dtype="float64", **terms):
    """Of which two roles were judged by rows, and the others whole."""
    ref = CATALOGUE[name]
    asked = Question(ref, draw(ref, 5, "unit", {"B": many}), Terms(tuple(ref.result), ref.wrt, **terms), dtype)
    tolerance = Tolerance(asked, dtype)
    outcomes = [Outcome(role, AGREES, arrays=(y, y + 1)) for role, y in asked.base.items()]
    for outcome, place in zip(outcomes, (many // 2 + 1, many // 2 + 3), strict=False):
        outcome.rows, outcome.verdict = (3, many), DIFFERS
        outcome.at = (min(place, many - 1), *[1] * (outcome.arrays[0].ndim - 1))
        tolerance.parts[outcome.role] = [([place % many], None), ([(place + 4) % many, (place + 7) % many], None)]
    return Result(asked, DIFFERS, outcomes, tolerance=tolerance)


def test_those_that_were_measured_those_that_decided_and_some_from_all_over():
    whole = result()
    whole.outcomes[1].at = (22, 1)
    some = narrow.narrowed(whole)
    every = sorted(SPREAD | {33, 37, 40, 35, 39, 42, 22})
    assert some.tolerance.question is some.question and some.verdict == DIFFERS
    for name in ("input.mean", "input.logvar", "cotangent.value"):
        assert np.array_equal(some.question.case.arrays[name], whole.question.case.arrays[name][every])
    for one, of_all in zip(some.outcomes, whole.outcomes, strict=True):
        assert one == replace(of_all, at=one.at, rows=None, arrays=one.arrays)
        for got, given in zip(one.arrays, of_all.arrays, strict=True):
            assert np.array_equal(got, given[every])
    assert [one.at for one in some.outcomes] == [(every.index(33),), (every.index(22), 1), ()]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_it_stays_one_of_so_many_numbers_in_its_dtype(dtype):
    """Those of the largest role."""
    whole = result(dtype=dtype)
    most = {x.size for x in whole.question.base.values()}
    told = narrow.narrowed(whole).tolerance
    assert (told.dtype, told.among) == (dtype, max(most)) and len(most) == 2


def test_one_row_is_enough():
    some = narrow.narrowed(result(1))
    assert [len(outcome.arrays[0]) for outcome in some.outcomes] == [1, 1, 1] and some.outcomes[1].at == (0, 1)


def without_a_tolerance(whole):
    whole.tolerance = None


def without_rows(whole):
    for outcome in whole.outcomes:
        outcome.rows = None


def without_an_answer(whole):
    whole.outcomes[2] = Outcome("gradient.logvar", MISSING)


def in_another_shape(whole):
    whole.outcomes[2].arrays = (whole.outcomes[2].arrays[0], whole.outcomes[2].arrays[1][:, :1])


def of_another_question(whole):
    whole.question = replace(whole.question, terms=replace(whole.question.terms, reduction="mean"))


@pytest.mark.parametrize("change", [without_a_tolerance, without_rows, without_an_answer, in_another_shape,
                                    of_another_question])
def test_itself_where_one_role_has_none(change):
    whole = result()
    change(whole)
    assert narrow.narrowed(whole) is whole


def test_itself_where_a_role_is_of_all_rows():
    """A number that they share has a slope that is no row."""
    whole = result(name="gumbel_softmax")
    assert [outcome.role for outcome in whole.outcomes if outcome.arrays[0].ndim == 0] == ["gradient.tau"]
    assert narrow.narrowed(whole) is whole


def test_a_function_is_narrowed_where_one_case_is():
    ref, apart, other = CATALOGUE["gaussian_kl"], result(), result()
    without_rows(other)
    assert narrow.few(Checked(ref, results=[other, other])) is None
    checked = Checked(ref, results=[other, apart], asked=2, suspects=["a mistake"])
    some = narrow.few(checked)
    assert some.results[0] is other and len(some.results[1].outcomes[0].arrays[0]) < MANY
    assert some == replace(checked, results=some.results, suspects=[])
