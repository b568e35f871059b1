"""An answer that is asked about again in another precision, at the bounds of what makes it rounding."""

from types import SimpleNamespace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.judging import precision
from refdgm.check.judging.compare import Outcome
from refdgm.check.verdicts import DIFFERS, LOSES
from tests.check.judge import MEAN, question, right
from tests.check.looked import HAIR, ONE, OTHER, SHAPE, TWO, at, judged, look, noise, zeroed


@pytest.mark.parametrize("place", [ONE, OTHER])
@pytest.mark.parametrize("here, there", [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_what_shrinks_by_just_enough_shrinks(here, there, place):
    """By 2²⁹, but for a factor of 1024; an error of either sign, here and there."""
    within = look(at((place, here * 2.0**-29)), at((place, there * 2.0**-10)))
    assert (within.verdict, within.note) == (LOSES, "the error shrinks with the roundoff, from float32 on")
    assert judged(at((place, here * 2.0**-29 * HAIR)), at((place, there * 2.0**-10))) == DIFFERS


def test_what_is_just_within_its_own_bound_need_not_shrink():
    """Though it is far off in float32."""
    mine, other = at((ONE, 2.0**-20)), at((ONE, 2.0**-3), (TWO, 2.0**-10))
    assert judged(at((ONE, 2.0**-17), (TWO, 2.0**-29)), other, mine=mine) == LOSES
    assert judged(at((ONE, 2.0**-17 * HAIR), (TWO, 2.0**-29)), other, mine=mine) == DIFFERS


@pytest.mark.parametrize("here, there, verdict", [(1, 1, LOSES), (HAIR, 1, DIFFERS), (1, HAIR, DIFFERS)])
def test_what_blurs_by_as_much_as_the_largest_of_its_row_is_rounding(here, there, verdict):
    """In both precisions."""
    mine, theirs = at(((1, 0), 2.0**-20)), at(((1, 2), 2.0**-13))
    assert judged(at((ONE, 2.0**-17 * here)), at((ONE, 2.0**-10 * there)), mine=mine, theirs=theirs) == verdict
    both = [at((ONE, x), ((1, 2), y)) for x, y in ((2.0**-17 * here, 2.0**-18), (2.0**-10 * there, 0.0))]
    assert judged(*both, mine=mine, theirs=theirs) == verdict


def test_what_is_off_by_eight_roundings_of_the_usual_size_is_rounding():
    """Where a role has one."""
    assert judged(at((ONE, 2.0**-48)), 0.0, usual={MEAN: 4.0}) == LOSES
    assert judged(at((ONE, 2.0**-48 * HAIR)), 0.0, usual={MEAN: 4.0}) == DIFFERS
    assert judged(at((ONE, 2.0**-51)), 0.0) == DIFFERS


def test_the_usual_size_is_the_median_of_the_largest():
    """Of numbers of either sign; indices and empty arrays have none."""
    cases = [{"a": np.asarray(x), "b": np.asarray([7]), "c": np.zeros((0, 2))} for x in ([1.0, -9.0], [5.0], [-6.0, 2])]
    assert precision.usual_sizes([SimpleNamespace(expected=case) for case in cases]) == {"a": 6.0}


def test_who_is_decided_is_asked_no_more():
    seen = look(at((ONE, 2.0**-29)), at((ONE, 2.0**-10)), noise(0.0))
    assert seen.verdict == LOSES and [each.dtype for each in seen.asked] == ["float32"]


def test_it_is_the_same_question_where_all_that_is_asked_is_equal():
    """What is no number in both is the same."""
    one, other = {"a": np.asarray([1.0]), "b": np.asarray([np.nan, 2.0])}, np.asarray([np.nan, 2.0])
    assert precision._alike(one, {"a": np.asarray([1.0]), "b": other})
    assert not precision._alike(one, {"a": np.asarray([1.5]), "b": other})


SPOILT = {
    "missing": lambda x: None,
    "of another shape": lambda x: x.T,
    "one number": lambda x: np.sum(x),
    "with an axis more": lambda x: x[:, :, None],
}


@pytest.mark.parametrize("where", ["float32", "float64"])
@pytest.mark.parametrize("how", SPOILT)
def test_who_breaks_down_as_a_witness_proves_nothing(how, where):
    """Noise of its own would be taken for rounding, were it held against an array of another shape."""
    def spoilt(each, answers):
        found = answers | {MEAN: SPOILT[how](answers[MEAN])} if each.dtype == where else answers
        return {role: x for role, x in found.items() if x is not None}

    error, other = at((ONE, 2.0**-30)), at((ONE, 2.0**-28))
    assert judged(error, other, noise(error)) == LOSES
    assert judged(error, other, noise(error), spoilt=spoilt) == DIFFERS


@pytest.mark.parametrize("there, grows", [(np.inf, True), (-np.inf, True), (np.nan, False)])
def test_no_error_shrinks_from_what_is_no_number(there, grows):
    """Where an element is wrong. One that overflows there may still be erratic beside."""
    error, other = at((ONE, 2.0**-30)), at((ONE, there))
    assert judged(error, other) == judged(error, other, iter([error] * 32)) == DIFFERS
    assert judged(error, other, noise(error)) == (LOSES if grows else DIFFERS)
    assert judged(at((ONE, 2.0**-29)), at((ONE, 2.0**-10), (TWO, there))) == LOSES


def test_of_several_all_have_to_answer():
    asked = zeroed()
    both = [Outcome(role, DIFFERS) for role in asked.base]
    assert len(both) > 1
    assert precision._replied(asked, both, lambda each: right(each)).keys() == asked.base.keys()
    assert precision._replied(asked, both, lambda each: {MEAN: right(each)[MEAN]}) is None
    assert precision._replied(asked, [Outcome(MEAN, DIFFERS)], lambda each: {MEAN: right(each)[MEAN]})


def test_in_half_precision_one_infinity_is_enough_to_ask_again():
    asked = question(dtype="float16")
    expected = asked.expected[MEAN]
    assert precision._open(Outcome(MEAN, DIFFERS, arrays=(expected, expected + at((ONE, np.inf)))), asked)
    assert not precision._open(Outcome(MEAN, DIFFERS, arrays=(expected, expected + 1e6)), asked)


def test_the_largest_of_an_array_has_either_sign():
    asked = question()
    expected = -1.0 - np.abs(asked.expected[MEAN])
    for share, near in ((1.9, True), (2.1, False), (-1.9, True), (-2.1, False)):
        got = expected + at((ONE, share * np.max(np.abs(expected))))
        assert precision._open(Outcome(MEAN, DIFFERS, arrays=(expected, got)), asked) is near
    assert precision._open(Outcome(MEAN, DIFFERS, arrays=(-np.ones(SHAPE), np.ones(SHAPE))), asked)
    index = np.ones(SHAPE, dtype=np.int64)
    assert not precision._open(Outcome(MEAN, DIFFERS, arrays=(index, index + 1)), asked)


def test_half_of_the_digits_of_a_square_may_be_lost():
    """Of the largest input that is a number."""
    case = draw(CATALOGUE["softmax"], 3)
    case.arrays["input.logits"][0, :2] = [-64.0, -np.inf]
    asked, zero = question("softmax", case=case), np.zeros(SHAPE)
    for share, near in ((0.9, True), (1.1, False)):
        outcome = Outcome("output.value", DIFFERS, arrays=(zero, at((ONE, share * 2.0**-26.5 * 64**2))))
        assert precision._open(outcome, asked) is near


def test_the_largest_number_is_one_at_least():
    """What is infinite is no number."""
    x = np.asarray
    assert precision._largest({}) == 1.0
    assert precision._largest({"a": x([0.25, -0.5]), "b": x([])}) == 1.0
    assert precision._largest({"a": x([0.5, -3.0])}, {"b": x([2.0, np.inf, -np.inf])}) == 3.0
    assert precision._largest({"a": x([0.5])}, {"b": x([[2, -5]])}) == 5.0
