"""The judge by itself: answers at known distances from the right ones, with scales that are given."""

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check import verdicts
from refdgm.check.judging.checked import Checked, Result, verdict_of, worst_of
from refdgm.check.judging.compare import Outcome
from refdgm.check.judging.tolerance import C, Tolerance
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import AGREES, COARSE, DIFFERS, ERROR, ILL, LOSES, MISSING, NONE, PART, UNASKED
from tests.check.judge import LOOSE, LOOSEST, MEAN, STRICT, VALUE, judge, outcomes, question, right


def allowed(tolerance, scale, x):
    return C * (scale + tolerance.roundoff * abs(x))


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("scale", "share", "verdict"), [
    (STRICT, 0.99, AGREES), (STRICT, 1.01, LOSES), (LOOSE, 0.99, LOSES), (LOOSE, 1.01, LOSES), (LOOSEST, 0.99, LOSES),
    (LOOSEST, 1.01, DIFFERS),
])
def test_within_each_scale_its_verdict(scale, share, verdict, sign):
    """Of one element that is off, with its place, its digits and its ulps; all others agree."""
    tolerance = judge(question())
    answers = right(tolerance.question)
    expected = answers[MEAN][2, 1]
    off = share * allowed(tolerance, scale, expected)
    answers[MEAN][2, 1] += sign * off
    found = outcomes(tolerance, answers)
    assert {role for role, one in found.items() if one.verdict != AGREES} <= {MEAN}
    one = found[MEAN]
    assert (one.verdict, one.at, one.expected, one.got) == (verdict, (2, 1), expected, answers[MEAN][2, 1])
    assert one.digits == pytest.approx(-np.log10(off / abs(expected)), abs=1e-3)
    assert one.ulps == pytest.approx(off / (abs(expected) * 2.0**-52), rel=1e-2)
    assert one.arrays[0] is tolerance.question.expected[MEAN] and one.note == "" and one.shapes is None


def test_what_is_right_has_all_digits():
    tolerance = judge(question(), (0.0, 0.0, 0.0))
    found = outcomes(tolerance, right(tolerance.question))
    assert list(found) == [VALUE, MEAN, "gradient.logvar"]
    assert {(one.verdict, one.digits, one.ulps) for one in found.values()} == {(AGREES, 17.0, 0.0)}


def test_a_few_roundings_ask_for_no_scale():
    """Of the element itself: nothing is measured for it, and C roundings of it are not more."""
    for many, verdict in ((C - 2, AGREES), (C + 4, LOSES)):
        tolerance = judge(question(), (0.0, LOOSE, LOOSE))
        answers = right(tolerance.question)
        answers[VALUE] *= 1 + many * 2.0**-53
        assert outcomes(tolerance, answers)[VALUE].verdict == verdict


def test_the_element_that_decides():
    """The furthest beyond its tolerance; of lost digits the one that has fewest."""
    tolerance = judge(question())
    answers = right(tolerance.question)
    answers[MEAN][0, 0] += 1e-3
    answers[MEAN][3, 2] -= 1e-1
    answers[MEAN][4, 1] += 1e-9
    one = outcomes(tolerance, answers)[MEAN]
    assert one.verdict == DIFFERS and one.at == (3, 2)
    answers = right(tolerance.question)
    answers[MEAN][1, 1] *= 1 + 3e-9
    answers[MEAN][3, 2] *= 1 - 7e-9
    one = outcomes(tolerance, answers)[MEAN]
    assert one.verdict == LOSES and one.at == (3, 2) and one.digits == pytest.approx(-np.log10(7e-9), abs=1e-3)


@pytest.mark.parametrize(("number", "note"), [(np.nan, "NaN"), (np.inf, ""), (-np.inf, "")])
def test_no_number_is_right_for_one(number, note):
    tolerance = judge(question())
    answers = right(tolerance.question)
    answers[VALUE][1] = number
    one = outcomes(tolerance, answers)[VALUE]
    assert (one.verdict, one.at, one.note) == (DIFFERS, (1,), note)


def test_beyond_the_range_an_infinity_of_the_same_sign_is_right():
    for sign, verdict in ((1, AGREES), (-1, DIFFERS)):
        tolerance = judge(question(dtype="float32"), (0.0, 0.0, 0.0))
        vars(tolerance)["natives"] = []
        tolerance.question.expected[VALUE][0] = 2.0**129
        answers = right(tolerance.question)
        answers[VALUE][0] = sign * np.inf
        assert outcomes(tolerance, answers)[VALUE].verdict == verdict


def test_what_no_digit_is_left_of_is_no_question():
    """Where the tolerance is larger than every number; a single one that it is not larger than makes it one."""
    asked = question()
    largest = float(np.max(np.abs(asked.expected[MEAN])))
    for scale, verdict in ((largest, ILL), (largest / 16, AGREES)):
        near = {role: x * (1 + 2.0**-30) for role, x in right(asked).items()}
        assert outcomes(judge(asked, (scale,) * 3), near)[MEAN].verdict == verdict
    answers = right(asked)
    answers[MEAN][0, 0] += 1e3 * largest
    assert outcomes(judge(asked, (largest,) * 3), answers)[MEAN].verdict == DIFFERS


def test_shapes_and_what_does_not_come():
    tolerance = judge(question())
    answers = right(tolerance.question)
    found = outcomes(tolerance, answers | {MEAN: answers[MEAN][:, :1]})
    assert found[MEAN].verdict == DIFFERS and found[MEAN].shapes == ((5, 1), (5, 3)) and found[MEAN].digits == 0
    assert found[VALUE].verdict == AGREES
    found = outcomes(tolerance, {VALUE: answers[VALUE][:, None]})
    assert found[VALUE].shapes == ((5, 1), (5,))
    assert (found[MEAN].verdict, found[MEAN].note) == (UNASKED, "for value has another shape")
    found = outcomes(tolerance, {VALUE: answers[VALUE]})
    assert (found[MEAN].verdict, found[MEAN].note) == (MISSING, "not returned")
    assert outcomes(tolerance, {MEAN: answers[MEAN]})[VALUE].verdict == MISSING


def test_a_gradient_without_a_path_is_zero():
    """Which may be right, and is told where it is not."""
    tolerance = judge(question())
    answers = right(tolerance.question)
    found = outcomes(tolerance, {VALUE: answers[VALUE]}, ["mean"])
    assert (found[MEAN].verdict, found[MEAN].note) == (DIFFERS, verdicts.NO_PATH)
    assert found["gradient.logvar"].verdict == MISSING
    tolerance.question.expected[MEAN][...] = 0.0
    found = outcomes(tolerance, {VALUE: answers[VALUE]}, ["mean"])
    assert (found[MEAN].verdict, found[MEAN].note) == (AGREES, "")


@pytest.mark.parametrize("pair", [False, True])
def test_the_gradient_of_a_hyper_parameter_nobody_asked_for(pair):
    """Told and no more, unless it was written by hand; none, or none of a framework, is none."""
    asked = question("gumbel_softmax", minded=(), pair=pair)
    tolerance, role = judge(asked), "gradient.tau"
    answers = right(asked)
    assert outcomes(tolerance, answers)[role].verdict == AGREES
    wrong = outcomes(tolerance, answers | {role: answers[role] + 1})[role]
    assert (wrong.verdict, wrong.unasked, wrong.spared) == (DIFFERS, not pair, not pair)
    zero = outcomes(tolerance, answers | {role: 0 * answers[role]})[role]
    assert zero.verdict == (DIFFERS if pair else NONE)
    del answers[role]
    assert outcomes(tolerance, answers)[role].verdict == NONE


def test_indices_are_right_or_not():
    case = draw(CATALOGUE["gumbel_max"], 3)
    asked = question("gumbel_max", case=case)
    tolerance, answers = judge(asked), right(asked)
    assert outcomes(tolerance, answers)[VALUE].verdict == AGREES
    assert outcomes(tolerance, {VALUE: answers[VALUE].astype(float)})[VALUE].verdict == AGREES
    halves = outcomes(tolerance, {VALUE: answers[VALUE] + 0.5})[VALUE]
    assert (halves.verdict, halves.note) == (DIFFERS, "not whole numbers")
    wrong = answers[VALUE].copy()
    wrong[[1, 3]] = (wrong[[1, 3]] + 1) % 7
    one = outcomes(tolerance, {VALUE: wrong})[VALUE]
    assert (one.verdict, one.note, one.at) == (DIFFERS, "2 of 5 indices", (1,))
    assert (one.expected, one.got, one.digits, one.ulps) == (answers[VALUE][1], wrong[1], 0.0, np.inf)


def test_a_tie_within_rounding_is_excused():
    """All rows that differ have to be ties."""
    case = draw(CATALOGUE["gumbel_max"], 3)
    case.arrays["input.logits"][1] = 0.0
    case.arrays["input.gumbel"][1] = [0.5, 1.0, 1.0 + 2.0**-52, 0.0, 0.0, 0.0, 0.0]
    asked = question("gumbel_max", case=case)
    tied = right(asked)
    assert tied[VALUE][1] == 2
    tied[VALUE][1] = 1
    one = outcomes(judge(asked), tied)[VALUE]
    assert (one.verdict, one.note) == (ILL, "a tie, within rounding")
    for row, other in ((1, 0), (2, (tied[VALUE][2] + 1) % 7)):
        wrong = tied[VALUE].copy()
        wrong[row] = other
        assert outcomes(judge(asked), {VALUE: wrong})[VALUE].verdict == DIFFERS


def test_the_scales_that_are_measured():
    """One within the next, as large as the roundoff says, and larger where terms cancel."""
    asked = question()
    wide, narrow = Tolerance(asked, "float32"), Tolerance(asked, "float64")
    for role, x in asked.expected.items():
        u = 2.0**-53
        assert np.all(narrow.strict(role) <= narrow.loose(role)) and np.all(narrow.loose(role) <= narrow.loosest(role))
        assert np.all(narrow.conditioning[role] <= 20 * u * np.max(np.abs(x)))
        assert np.max(narrow.conditioning[role]) >= u * np.max(np.abs(x)) / 20
        ratio = np.max(wide.conditioning[role]) / np.max(narrow.conditioning[role])
        assert 2.0**27 < ratio < 2.0**31
        assert np.allclose(narrow.strict(role), C * (narrow.conditioning[role] + u * np.abs(x)), rtol=1e-12)
    near = draw(CATALOGUE["gaussian_kl"], 3, "tiny")  # eˣ − 1 − x, word for word, has no digits there
    small = Tolerance(question(case=near))
    assert np.max(small.evaluation[VALUE] / small.conditioning[VALUE]) > 1e4


def test_the_verdict_of_all():
    """Agreement only if every case was answered and has digits somewhere; the worst else."""
    ref, asked = CATALOGUE["gaussian_kl"], question()

    def checked(*found, asked_of=None, **more):
        results = [Result(asked, verdict, [Outcome(VALUE, each) for each in of]) for verdict, of in found]
        return Checked(ref, results=results, asked=len(results) if asked_of is None else asked_of, **more).verdict

    fine = (AGREES, [AGREES])
    assert checked(fine, fine) == AGREES
    assert checked(fine, (AGREES, [LOSES])) == checked((LOSES, [LOSES])) == LOSES
    assert checked(fine, (DIFFERS, [DIFFERS]), (ERROR, [])) == DIFFERS and checked(fine, (ERROR, [])) == ERROR
    assert checked(fine, asked_of=2) == checked(fine, (AGREES, [])) == ERROR
    assert checked((ILL, [ILL]), (ILL, [ILL, NONE])) == ILL and checked((ILL, [ILL]), fine) == AGREES
    assert checked() == MISSING and checked(not_asked=[("one", "why")]) == ILL
    assert checked(fine, not_asked=[("one", "why")]) == AGREES
    assert checked(fine, where=[{"method": "rk4"}]) == PART
    assert verdict_of([Outcome(VALUE, AGREES), Outcome(MEAN, DIFFERS, unasked=True)]) == AGREES
    assert verdict_of([Outcome(VALUE, AGREES), Outcome(MEAN, DIFFERS)]) == DIFFERS
    assert verdict_of([Outcome(VALUE, NONE)]) == AGREES and verdict_of([Outcome(VALUE, AGREES)], True) == COARSE
    assert worst_of(verdicts.SEVERITY) == DIFFERS == worst_of([DIFFERS, AGREES])


def test_what_is_counted_of_all():
    asked = question("gumbel_softmax", minded=())
    spared = Outcome("gradient.tau", DIFFERS, unasked=True)
    one = Checked(asked.ref, results=[Result(asked, AGREES, [Outcome(VALUE, AGREES), spared]), Result(asked, ERROR)])
    assert one.spared == {"gradient.tau": 1} and one.answered == 1 and not one.coarse and not one.value_alone
    assert list(one.by_role()) == [VALUE, "gradient.tau"] and not one.certified
    one.noted("a", "b")
    one.noted("b", "c")
    assert one.notes == ["a", "b", "c"]
    one.results[1].coarse = True
    assert one.coarse
    alone = Question(asked.ref, asked.case, Terms(("value",), ()))
    assert Checked(asked.ref, results=[Result(alone, AGREES)]).value_alone
