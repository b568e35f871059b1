"""An answer that is asked about again, at the bounds of what makes it rounding, and where a witness breaks down.

Slopes of a row that is zero are zero, so that an error of theirs is the very number that is given.
"""

from collections.abc import Iterator
from itertools import cycle
from types import SimpleNamespace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.judging import precision
from refdgm.check.judging.checked import Result
from refdgm.check.judging.compare import Outcome
from refdgm.check.questions.question import Question
from refdgm.check.verdicts import DIFFERS, LOSES
from refdgm.errors import RefdgmError
from refdgm.reference import Reference
from tests.check.judge import MEAN, given, judge, question, right

SHAPE, HAIR = (5, 3), 1 + 2.0**-20
ONE, TWO = (1, 1), (3, 2)  # elements of rows that are zero


def zeroed(dtype="float64"):
    case = draw(CATALOGUE["gaussian_kl"], 3)
    case.arrays["input.mean"][[1, 3]] = 0.0
    return question(dtype=dtype, case=case)


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


def noise(size, mean=0.0):
    """Now up, now down, about a mean."""
    return (size * (sign + mean) for sign in cycle([1, -1]))


@pytest.fixture
def looked(monkeypatch):
    """The verdict on slopes that are off by so much, in float32 by `other`, in questions beside by each of `beside`; of
    none of them there is no answer. `spoilt` changes what is returned; `asked` holds the questions that were put."""

    def look(off, other, beside: Iterator | None = None, mine=0.0, theirs=0.0, usual=None, spoilt=lambda each, x: x):
        asked = zeroed()
        look.asked = []

        def ask(each):
            look.asked.append(each)
            if each.dtype == "float64" and beside is None:
                return None
            answers = right(each)
            answers[MEAN] = answers[MEAN] + (other if each.dtype == "float32" else next(beside))
            return spoilt(each, answers)

        monkeypatch.setattr(precision, "once_measured", lambda each, dtype: scaled(each, theirs))
        outcome = Outcome(MEAN, DIFFERS, arrays=(asked.expected[MEAN], asked.expected[MEAN] + off))
        result = Result(asked, DIFFERS, [outcome], tolerance=scaled(asked, mine))
        precision.second_look(result, ask, usual or {})
        assert result.verdict == outcome.verdict
        return result.verdict

    return look


@pytest.mark.parametrize("here, there", [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_what_shrinks_by_just_enough_shrinks(looked, here, there):
    """By 2²⁹, but for a factor of 1024; an error of either sign, here and there."""
    assert looked(at((ONE, here * 2.0**-29)), at((ONE, there * 2.0**-10))) == LOSES
    assert looked(at((ONE, here * 2.0**-29 * HAIR)), at((ONE, there * 2.0**-10))) == DIFFERS


def test_what_is_just_within_its_own_bound_need_not_shrink(looked):
    """Though it is far off in float32."""
    mine, other = at((ONE, 2.0**-20)), at((ONE, 2.0**-3), (TWO, 2.0**-10))
    assert looked(at((ONE, 2.0**-17), (TWO, 2.0**-29)), other, mine=mine) == LOSES
    assert looked(at((ONE, 2.0**-17 * HAIR), (TWO, 2.0**-29)), other, mine=mine) == DIFFERS


@pytest.mark.parametrize("here, there, verdict", [(1, 1, LOSES), (HAIR, 1, DIFFERS), (1, HAIR, DIFFERS)])
def test_what_blurs_by_as_much_as_the_largest_of_its_row_is_rounding(looked, here, there, verdict):
    """In both precisions."""
    mine, theirs = at(((1, 0), 2.0**-20)), at(((1, 2), 2.0**-13))
    assert looked(at((ONE, 2.0**-17 * here)), at((ONE, 2.0**-10 * there)), mine=mine, theirs=theirs) == verdict


@pytest.mark.parametrize("usual, verdict", [({}, DIFFERS), ({MEAN: 1.0}, LOSES)])
def test_a_role_of_no_usual_size_blurs_by_nothing_of_it(looked, usual, verdict):
    assert looked(at((ONE, 2.0**-51)), 0.0, usual=usual) == verdict


def test_the_usual_size_is_the_median_of_the_largest():
    """Of numbers of either sign; indices and empty arrays have none."""
    cases = [{"a": np.asarray(x), "b": np.asarray([7]), "c": np.zeros((0, 2))} for x in ([1.0, -9.0], [5.0], [-6.0, 2])]
    assert precision.usual_sizes([SimpleNamespace(expected=case) for case in cases]) == {"a": 6.0}


def test_who_is_decided_is_asked_no_more(looked):
    assert looked(at((ONE, 2.0**-29)), at((ONE, 2.0**-10)), noise(0.0)) == LOSES
    assert [each.dtype for each in looked.asked] == ["float32"]


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
def test_who_breaks_down_as_a_witness_proves_nothing(looked, how, where):
    """Noise of its own would be taken for rounding, were it held against an array of another shape."""
    def spoilt(each, answers):
        found = answers | {MEAN: SPOILT[how](answers[MEAN])} if each.dtype == where else answers
        return {role: x for role, x in found.items() if x is not None}

    error, other = at((ONE, 2.0**-30)), at((ONE, 2.0**-28))
    assert looked(error, other, noise(error)) == LOSES
    assert looked(error, other, noise(error), spoilt=spoilt) == DIFFERS


def test_of_several_all_have_to_answer():
    asked = zeroed()
    both = [Outcome(role, DIFFERS) for role in asked.base]
    assert len(both) > 1
    assert precision._replied(asked, both, lambda each: right(each)).keys() == asked.base.keys()
    assert precision._replied(asked, both, lambda each: {MEAN: right(each)[MEAN]}) is None
    assert precision._replied(asked, [Outcome(MEAN, DIFFERS)], lambda each: {MEAN: right(each)[MEAN]})


def test_what_is_just_within_its_bound_need_not_be_erratic(looked):
    """However large it is, and smooth."""
    mine, other = at((ONE, 2.0**-10)), at((TWO, 2.0**-28))
    smooth = at((ONE, 2.0**-7))
    beside = (smooth + each for each in noise(at((TWO, 2.0**-30))))
    assert looked(smooth + at((TWO, 2.0**-30)), other, beside, mine=mine) == LOSES
    beside = (smooth + each for each in noise(at((TWO, 2.0**-30))))
    assert looked(smooth * HAIR + at((TWO, 2.0**-30)), other, beside, mine=mine) == DIFFERS


@pytest.mark.parametrize("sign", [1, -1])
def test_an_error_is_rounding_up_to_the_very_bound(looked, sign):
    """Of 2⁻²⁸ of the largest number there is."""
    asked = zeroed()
    largest = max(np.max(np.abs(x)) for x in (*asked.inputs.values(), *asked.base.values()))
    assert largest > 1
    error = at((ONE, sign * 2.0**-28 * largest))
    assert looked(error, 4 * error, noise(error)) == LOSES
    assert looked(error * HAIR, 4 * error, noise(error)) == DIFFERS


@pytest.mark.parametrize("share, verdict", [(0.9, LOSES), (1.1, DIFFERS)])
def test_in_float32_the_bound_is_wider_by_its_roundoff(monkeypatch, share, verdict):
    """Twice the largest number, which a square of it may pass."""
    case = draw(CATALOGUE["softmax"], 3)
    case.arrays["input.logits"][...] *= 2.0**12 / np.max(np.abs(case.arrays["input.logits"]))
    case.arrays["input.logits"][0, 0] = 2.0**14
    asked, role = question("softmax", "float32", case), "output.value"
    error, sign = share * 2.0**15, cycle([1, -1])

    def ask(each):
        answers = right(each)
        answers[role][0, 0] += 1.0 if each.dtype == "float64" else error * next(sign)
        return answers

    got = right(asked)[role]
    got[0, 0] += error
    monkeypatch.setattr(precision, "once_measured", lambda each, dtype: judge(each, (0.0, 0.0, 0.0)))
    outcome = Outcome(role, DIFFERS, arrays=(asked.expected[role], got))
    assert precision._open(outcome, asked)
    result = Result(asked, DIFFERS, [outcome], tolerance=judge(asked, (0.0, 0.0, 0.0)))
    precision.second_look(result, ask, {})
    assert result.verdict == verdict


@pytest.mark.parametrize("times, verdict", [(2.0, LOSES), (2 / HAIR, DIFFERS)])
def test_of_all_errors_the_largest_grows(looked, times, verdict):
    """By two at least."""
    error = at((ONE, 2.0**-30), (TWO, 2.0**-33))
    assert looked(error, at((ONE, times * 2.0**-30), (TWO, 2.0**-33)), noise(error)) == verdict


@pytest.mark.parametrize("mean, verdict", [(0.7175, LOSES), (0.7193, DIFFERS)])
def test_a_standard_error_has_one_degree_of_freedom_less(looked, mean, verdict):
    """4 √(32/31) / √32 = 0.7184; with two less it is 0.7303."""
    error = at((ONE, 2.0**-30))
    assert looked(error, 4 * error, noise(error, mean)) == verdict


@pytest.mark.parametrize("many, verdict", [(32, LOSES), (31, DIFFERS), (1, DIFFERS), (0, DIFFERS)])
def test_who_has_too_few_questions_beside_is_not_cleared_by_them(looked, monkeypatch, many, verdict):
    plain = precision._cases_beside
    monkeypatch.setattr(precision, "_cases_beside", lambda asked: plain(asked)[:many])
    error = at((ONE, 2.0**-30))
    assert looked(error, 4 * error, noise(error)) == verdict


def refusing(monkeypatch, asked, most):
    """The reference takes no mean that was moved by more; how often it was asked is counted."""
    first, tries = asked.inputs["mean"], []

    def validate(self, mean, logvar, **options):
        tries.append(1)
        assert len(tries) < 1000
        if np.max(np.abs(mean / first - 1)) > most:
            raise RefdgmError("too far")

    monkeypatch.setattr(Reference, "validate", validate)
    return tries


def test_questions_beside_lie_nearer_by_a_sixteenth_where_they_must(monkeypatch):
    asked = question()
    refusing(monkeypatch, asked, 0.1)
    found = precision._cases_beside(asked)
    moved = [np.max(np.abs(each.arrays["input.mean"] / asked.inputs["mean"] - 1)) for each in found]
    assert len(found) == 32 and 0.99 / 32 < max(moved) <= 1 / 32


def test_who_takes_nothing_else_has_no_questions_beside(monkeypatch):
    """Which is found out soon."""
    levels = CATALOGUE["discretized_logistic_log_likelihood"]
    assert precision._cases_beside(question(levels.name, case=draw(levels, 3))) == []
    asked = question()
    tries = refusing(monkeypatch, asked, 0.0)
    assert precision._cases_beside(asked) == [] and len(tries) == 8


def test_in_half_precision_one_infinity_is_enough_to_ask_again():
    asked = question(dtype="float16")
    expected = asked.expected[MEAN]
    assert precision._open(Outcome(MEAN, DIFFERS, arrays=(expected, expected + at((ONE, np.inf)))), asked)
    assert not precision._open(Outcome(MEAN, DIFFERS, arrays=(expected, expected + 1e6)), asked)


def test_the_largest_of_an_array_has_either_sign():
    asked = question()
    expected = -1.0 - np.abs(asked.expected[MEAN])
    for share, near in ((1.9, True), (2.1, False)):
        got = expected + at((ONE, share * np.max(np.abs(expected))))
        assert precision._open(Outcome(MEAN, DIFFERS, arrays=(expected, got)), asked) is near


def test_half_of_the_digits_of_a_square_may_be_lost():
    """Of the largest input that is a number."""
    case = draw(CATALOGUE["softmax"], 3)
    case.arrays["input.logits"][0, :2] = [-64.0, -np.inf]
    asked, zero = question("softmax", case=case), np.zeros(SHAPE)
    for share, near in ((0.9, True), (1.1, False)):
        outcome = Outcome("output.value", DIFFERS, arrays=(zero, at((ONE, share * 2.0**-26.5 * 64**2))))
        assert precision._open(outcome, asked) is near


def test_the_largest_number_is_one_at_least():
    """An infinity is none."""
    x = np.asarray
    assert precision._largest({}) == 1.0
    assert precision._largest({"a": x([0.25, -0.5]), "b": x([])}) == 1.0
    assert precision._largest({"a": x([0.5, -3.0])}, {"b": x([2.0, np.inf, -np.inf])}) == 3.0
    assert precision._largest({"a": x([0.5])}, {"b": x([[2, -5]])}) == 5.0


def test_a_question_beside_is_in_the_terms_of_the_question(looked):
    error = at((ONE, 2.0**-30))
    looked(error, 4 * error, noise(error))
    first, *beside = looked.asked
    assert first.dtype == "float32" and {each.dtype for each in beside} == {"float64"}
    assert {type(each) for each in beside} == {Question} and len({id(each.case) for each in beside}) == 32
    assert all(each.terms == first.terms for each in beside)
