"""Sums in half precision: which questions are looked at, what is suspected, and from which error on one grows."""

from types import SimpleNamespace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.judging import coarse
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import AGREES, DIFFERS, LOSES, NONE, ROUGH
from tests.check.judge import VALUE, right

AFFINE, SLOPE = CATALOGUE["affine"], "gradient.b"
LONG = {"B": 2, "D": 64, "E": 2}


def asked(dtype="bfloat16", accumulate=""):
    return Question(AFFINE, draw(AFFINE, 0, "unit", LONG), Terms(("value",), AFFINE.wrt, accumulate=accumulate), dtype)


@pytest.mark.parametrize("dtype, accumulate, looked_at", [
    ("bfloat16", "", True), ("float16", "", True), ("bfloat16", "float16", True), ("bfloat16", "bfloat16", False),
    ("float16", "bfloat16", False), ("float32", "", False), ("float32", "float64", False), ("float64", "", False),
])  # fmt: skip
def test_data_are_coarse_in_half_precision_that_is_not_meant(dtype, accumulate, looked_at):
    assert coarse._coarse_data(asked(dtype, accumulate)) is looked_at


def look(monkeypatch, ask, verdict=DIFFERS, off=1.0, dtype="bfloat16"):
    """At a value that is off by so many spreads, of which every error grows."""
    question = asked(dtype)
    tolerance = Tolerance(question, dtype)
    expected = question.expected[VALUE]
    outcomes = [Outcome(VALUE, verdict, arrays=(expected, expected + off * tolerance.spread(VALUE))),
                Outcome(SLOPE, AGREES, arrays=(question.expected[SLOPE],) * 2)]
    checked = Checked(AFFINE, dtype, [Result(question, verdict, outcomes, tolerance=tolerance)])

    def growing(ref, put, asked, roles):
        assert ref is AFFINE and put(question.case) == question and asked is ask
        return dict.fromkeys(roles, ("D", [0.25, 0.5, 1.5]))

    monkeypatch.setattr(coarse, "growing", growing)
    coarse.look(checked, ask)
    return checked


def test_what_passes_and_grows_needs_no_witness(monkeypatch):
    asked_of = []
    checked = look(monkeypatch, asked_of.append, LOSES)
    (result,) = checked.results
    assert result.verdict == ROUGH and not asked_of
    assert [(one.verdict, one.note) for one in result.outcomes] == [(ROUGH, "accumulates in bfloat16"), (AGREES, "")]
    (note,) = checked.notes
    assert "value accumulates in bfloat16: the error is 0.25, 0.5, 1.5 times" in note and "D = 17, 129, 1025" in note


@pytest.mark.parametrize("answers, verdict", [
    (lambda each: right(each), ROUGH),
    (lambda each: right(each) | {VALUE: 2 * right(each)[VALUE]}, DIFFERS),  # though its slopes are right there
    (lambda each: {SLOPE: right(each)[SLOPE]}, DIFFERS),
    (lambda each: None, DIFFERS),
])  # fmt: skip
def test_what_differs_is_a_sum_only_where_it_is_right_in_float32(monkeypatch, answers, verdict):
    """And nothing is noted of who is not."""
    checked = look(monkeypatch, lambda each: answers(each) if each.dtype == "float32" else None)
    assert checked.results[0].verdict == checked.results[0].outcomes[0].verdict == verdict
    assert bool(checked.notes) is (verdict == ROUGH)


def test_in_full_precision_nothing_is_suspected(monkeypatch):
    assert not look(monkeypatch, None, dtype="float32").notes


def suspected(expected, got, verdict=DIFFERS):
    question = asked()
    outcome = Outcome(VALUE, verdict, arrays=(np.asarray(expected), np.asarray(got)))
    return coarse._suspect(Result(question, verdict, tolerance=Tolerance(question, "bfloat16")), outcome)


def test_what_differs_is_suspected_where_all_of_it_are_numbers():
    assert suspected([1.0, 2.0], [1.0, 3.0])
    assert not suspected([1.0, 2.0], [1.0, np.inf])
    assert not suspected([1.0, 2.0], [np.nan, 3.0])
    assert not suspected([1, 2], [1, 3])  # an index is no sum


@pytest.mark.parametrize("off, is_so", [(0.8, True), (float(np.nextafter(0.8, 0)), False)])
def test_what_passes_is_suspected_from_eight_tenths_of_a_spread_on(monkeypatch, off, is_so):
    monkeypatch.setattr(coarse, "off", lambda *_: off)
    assert suspected([1.0, 2.0], [1.0, 3.0], LOSES) is is_so


def test_what_has_no_scale_no_array_or_no_fault_is_not_suspected():
    question, x = asked(), np.ones(2)
    tolerance = Tolerance(question, "bfloat16")
    for verdict, arrays, kept in ((AGREES, (x, 2 * x), tolerance), (NONE, (x, 2 * x), tolerance),
                                  (DIFFERS, None, tolerance), (DIFFERS, (x, 2 * x), None)):
        result = Result(question, verdict, tolerance=kept)
        assert not coarse._suspect(result, Outcome(VALUE, verdict, arrays=arrays))
    assert coarse._suspect(Result(question, DIFFERS, tolerance=tolerance), Outcome(VALUE, DIFFERS, arrays=(x, 2 * x)))


def grown(monkeypatch, spreads, spoilt=lambda n, reply: reply, expected=lambda n, right: right):
    """What grows, of an axis with whose three lengths the error is so many spreads, and of another where it is none;
    `spoilt` changes a reply, `expected` what was to come."""
    zeros, measured = {VALUE: np.zeros(3)}, []

    def off(tolerance, role, right, got):
        measured.append(tolerance)
        return spreads[tolerance[1]] if tolerance[0] == "D" else 0.0

    def question(case):
        return SimpleNamespace(case=case, dtype="bfloat16", meaningless="", expected=expected(case[1], zeros))

    cases = lambda ref: {symbol: [(symbol, n) for n in range(3)] for symbol in "DE"}
    for name, fake in (("long", cases), ("Tolerance", lambda each, dtype: each.case), ("off", off)):
        monkeypatch.setattr(coarse, name, fake)
    found = coarse.growing(AFFINE, question, lambda each: spoilt(each.case[1], zeros), {VALUE})
    return found, measured


@pytest.mark.parametrize("spreads", [[0.1, 0.1, 0.8], [0.3, 0.1, 0.8], [0.5, 0.9, 1.0], [3.0, 3.0, 6.0]])
def test_what_grows_by_just_enough_grows(monkeypatch, spreads):
    """To 0.8 spreads, and to twice those of the shortest; with the axis that did it no other is asked for."""
    found, measured = grown(monkeypatch, spreads)
    assert found == {VALUE: ("D", spreads)} and {symbol for symbol, _ in measured} == {"D"}
    less = [*spreads[:2], np.nextafter(spreads[2], 0)]
    found, measured = grown(monkeypatch, less)
    assert not found and {symbol for symbol, _ in measured} == {"D", "E"}


def test_what_grows_is_seen_at_every_length(monkeypatch):
    spreads = [0.1, 0.1, 0.9]
    for n in range(3):
        for spoilt in (None, {}, {VALUE: np.zeros(2)}):
            assert not grown(monkeypatch, spreads, lambda m, reply, n=n, spoilt=spoilt: spoilt if m == n else reply)[0]
        assert not grown(monkeypatch, spreads, expected=lambda m, right, n=n: {} if m == n else right)[0]
    assert grown(monkeypatch, spreads)[0]


def test_an_error_is_counted_from_the_smallest_normal_number_on():
    """Of either sign."""
    given = SimpleNamespace(dtype="float16", spread=lambda role: np.ones(3))
    for sign in (1, -1):
        for smallest, counted in ((2.0**-14, 4.0), (np.nextafter(2.0**-14, 0), 3.0)):
            right = sign * np.asarray([smallest, smallest, 1.0])
            assert coarse.off(given, VALUE, right, right + sign * np.asarray([4.0, 5.0, 3.0])) == counted
            assert coarse.off(given, VALUE, right, right - sign * np.asarray([4.0, 5.0, 3.0])) == counted
    assert coarse.off(given, VALUE, np.zeros(3), np.ones(3)) == 0.0
