"""An answer that is held against questions beside its own, at the bounds of what makes its error rounding."""

from itertools import cycle

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
from tests.check.judge import MEAN, judge, question, right
from tests.check.looked import HAIR, ONE, OTHER, TWO, at, judged, look, noise, zeroed


def test_what_is_just_within_its_bound_need_not_be_erratic():
    """However large it is, and smooth."""
    mine, other = at((ONE, 2.0**-10)), at((TWO, 2.0**-28))
    smooth = at((ONE, 2.0**-7))
    beside = (smooth + each for each in noise(at((TWO, 2.0**-30))))
    assert judged(smooth + at((TWO, 2.0**-30)), other, beside, mine=mine) == LOSES
    beside = (smooth + each for each in noise(at((TWO, 2.0**-30))))
    assert judged(smooth * HAIR + at((TWO, 2.0**-30)), other, beside, mine=mine) == DIFFERS


@pytest.mark.parametrize("sign", [1, -1])
def test_an_error_is_rounding_up_to_the_very_bound(sign):
    """Of 2⁻²⁸ of the largest number there is."""
    asked = zeroed()
    largest = max(np.max(np.abs(x)) for x in (*asked.inputs.values(), *asked.base.values()))
    assert largest > 1
    error = at((ONE, sign * 2.0**-28 * largest))
    assert judged(error, 4 * error, noise(error)) == LOSES
    assert judged(error * HAIR, 4 * error, noise(error)) == DIFFERS
    small = at((TWO, 2.0**-40))
    assert judged(error * HAIR + small, 4 * error, noise(error + small)) == DIFFERS


def test_of_several_roles_none_may_be_beyond_the_bound():
    asked, answers = zeroed(), []
    far = {"gradient.logvar": 2.0**-20, MEAN: 2.0**-30}
    outcomes = [Outcome(role, DIFFERS, arrays=(x, x + far[role])) for role, x in asked.expected.items() if role in far]
    result = Result(asked, DIFFERS, outcomes, tolerance=judge(asked, (0.0, 0.0, 0.0)))
    precision._beside(result, asked, {}, answers.append)
    assert len(outcomes) == 2 and not answers


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


@pytest.mark.parametrize("place", [ONE, OTHER])
@pytest.mark.parametrize("times, verdict", [(2.0, LOSES), (2 / HAIR, DIFFERS), (-2.0, LOSES), (-2 / HAIR, DIFFERS)])
def test_of_all_errors_the_largest_grows(times, verdict, place):
    """By two at least."""
    error = at((place, 2.0**-30), (TWO, 2.0**-33))
    assert judged(error, at((place, times * 2.0**-30), (TWO, 2.0**-33)), noise(error)) == verdict


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("mean, verdict", [(0.7175, LOSES), (0.7193, DIFFERS)])
def test_a_standard_error_has_one_degree_of_freedom_less(mean, verdict, sign):
    """4 √(32/31) / √32 = 0.7184; with two less it is 0.7303."""
    error = at((ONE, 2.0**-30))
    assert judged(error, 4 * error, noise(sign * error, mean)) == verdict


def test_every_wrong_element_is_erratic():
    """One that is off by nothing beside is."""
    error, smooth = at((ONE, 2.0**-30)), at((TWO, 2.0**-30))
    assert judged(error + smooth, 4 * (error + smooth), (smooth + each for each in noise(error))) == DIFFERS
    assert judged(error + smooth, 4 * (error + smooth), noise(error)) == LOSES


@pytest.mark.parametrize("many, verdict", [(32, LOSES), (31, DIFFERS), (1, DIFFERS), (0, DIFFERS)])
def test_who_has_too_few_questions_beside_is_not_cleared_by_them(monkeypatch, many, verdict):
    plain = precision._cases_beside
    monkeypatch.setattr(precision, "_cases_beside", lambda asked: plain(asked)[:many])
    error = at((ONE, 2.0**-30))
    assert judged(error, 4 * error, noise(error)) == verdict


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


def test_a_question_beside_is_in_the_terms_of_the_question():
    error = at((ONE, 2.0**-30))
    first, *beside = look(error, 4 * error, noise(error)).asked
    assert first.dtype == "float32" and {each.dtype for each in beside} == {"float64"}
    assert {type(each) for each in beside} == {Question} and len({id(each.case) for each in beside}) == 32
    assert all(each.terms == first.terms for each in beside)
