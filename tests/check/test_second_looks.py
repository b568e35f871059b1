"""What is looked at after an answer was compared: mistakes, rounds, rounding, ties, errors to one side."""

from itertools import cycle

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.judging import answered, precision, whole
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome, compare
from refdgm.check.judging.tolerance import C, Tolerance
from refdgm.check.verdicts import AGREES, DIFFERS, ILL, LOSES
from tests.check.judge import MEAN, VALUE, given, judge, outcomes, question, right


@pytest.mark.parametrize(("theirs", "far"), [
    ([-4.0, 2e-9], True), ([-4.0, 1e-9 + 2e-12], False), ([-4.0, 1e-9 + 8e-12], True), ([-4.0, 1e-9 - 8e-12], True),
    ([-4.0 * (1 + 2e-6), 1e-9], True), ([-4.0 * (1 - 2e-6), 1e-9], True), ([-4.0 * (1 + 5e-7), 1e-9], False),
    ([-4.0, np.nan], True), ([-4.0], True), ([[-4.0, 1e-9]], True),
])
def test_a_mistake_is_apart_by_a_millionth(theirs, far):
    """Of its number, or of a millionth of the largest; in another shape it is. Indices are the same or not."""
    assert answered._apart(np.asarray(theirs), np.asarray([-4.0, 1e-9])) is far
    assert answered._apart(np.asarray([1, 2]), np.asarray([1, 3]))
    assert not answered._apart(np.asarray([1, 2]), np.asarray([1, 2]))


def test_two_rounds_are_joined():
    asked = question()
    one, other = (Checked(asked.ref, results=[Result(asked, AGREES)], asked=many) for many in (1, 2))
    one.not_asked, other.not_asked = [("a", "why")], [("b", "because")]
    one.noted("said")
    other.noted("said", "and more")
    one.joined(other)
    assert len(one.results) == 2 and one.asked == 3 and one.notes == ["said", "and more"]
    assert one.not_asked == [("a", "why"), ("b", "because")]


def test_what_is_near_is_asked_about_again():
    """Within twice the largest of the array, or half of the digits of a square of an input: no further."""
    asked = question()
    expected = np.array(asked.expected[MEAN])
    largest, input_ = np.max(np.abs(expected)), max(1.0, *(np.max(np.abs(x)) for x in asked.inputs.values()))
    for off, near in ((1.9 * largest, True), (2.1 * largest, False), (-1.9 * largest, True), (-2.1 * largest, False)):
        outcome = Outcome(MEAN, DIFFERS, arrays=(expected, expected + off * np.eye(*expected.shape)))
        assert precision._open(outcome, asked) is near
        assert not precision._open(Outcome(MEAN, LOSES, arrays=outcome.arrays), asked)
    for share, near in ((0.9, True), (1.1, False)):
        outcome = Outcome(MEAN, DIFFERS, arrays=(0 * expected, np.full(expected.shape, share * 2.0**-26.5 * input_**2)))
        assert precision._open(outcome, asked) is near
    assert not precision._open(Outcome(MEAN, DIFFERS), asked)
    assert not precision._open(Outcome(MEAN, DIFFERS, arrays=(expected, expected[:1])), asked)


@pytest.mark.parametrize(("in_other", "verdict"), [(1.0, DIFFERS), (4.0, LOSES), (2.0**27, LOSES)])
def test_noise_of_its_own_is_no_rounding(in_other, verdict):
    """An error now up, now down, that is no larger in float32; where it is it may be rounding."""
    sign = cycle([1, -1])

    def ask(each):
        size = 1e-9 * (in_other if each.dtype == "float32" else 1) * next(sign)
        return {role: x + size for role, x in each.expected.items()}

    asked = question()
    tolerance = Tolerance(asked)
    result = Result(asked, DIFFERS, compare(tolerance, ask(asked), []), tolerance=tolerance)
    assert {outcome.verdict for outcome in result.outcomes} == {DIFFERS}
    precision.second_look(result, ask, {})
    assert {outcome.verdict for outcome in result.outcomes} == {verdict} and result.verdict == verdict


def test_many_elements_are_measured_more_often():
    """Two times more for every power of ten."""
    for sizes, times in (({"B": 4, "D": 3}, 6), ({"B": 400, "D": 3}, 10)):
        asked, seen = question(case=draw(CATALOGUE["gaussian_kl"], 3, sizes=sizes)), []
        Tolerance(asked)._largest(lambda inputs, bars, asked=asked, seen=seen: seen.append(1) or asked.base)
        assert len(seen) == times


def test_a_tie_is_a_matter_of_the_choice_alone():
    """Of the one-hot row, and not of the gradients beside it."""
    case = draw(CATALOGUE["straight_through_gumbel_softmax"], 3)
    case.arrays["input.logits"][1] = 0.0
    case.arrays["input.gumbel"][1] = [0.5, 1.0, 1.0 + 2.0**-52, 0.0, 0.0, 0.0, 0.0]
    asked = question("straight_through_gumbel_softmax", case=case)
    other = right(asked)
    other[VALUE][1] = np.eye(7)[1]
    found = outcomes(Tolerance(asked), other)
    assert found[VALUE].verdict == ILL and {one.verdict for one in found.values()} <= {ILL, AGREES}
    other[VALUE][1] = np.eye(7)[0]
    assert outcomes(Tolerance(asked), other)[VALUE].verdict == DIFFERS


def test_what_is_blurred_in_a_row():
    """The largest of each row, or C roundings of the usual size."""
    tolerance = judge(question())
    vars(tolerance)["_evaluation"] = given({MEAN: np.arange(15.0).reshape(5, 3)})
    blur = precision._blur(tolerance, Outcome(MEAN, DIFFERS), 0.0)
    np.testing.assert_allclose(blur, C * np.asarray([[2.0], [5.0], [8.0], [11.0], [14.0]]), rtol=1e-14)
    vars(tolerance)["_evaluation"] = given({MEAN: np.zeros((5, 3))})
    tolerance.question.expected[MEAN][...] = 0.0
    np.testing.assert_allclose(precision._blur(tolerance, Outcome(MEAN, DIFFERS), 2.0), 2 * C * 2.0**-53, rtol=1e-14)


def test_the_errors_toward_zero_are_counted():
    """Of both signs; what is exact is no error, and too few say nothing."""
    for many, found in ((whole.MANY, [(whole.MANY, 2 * whole.MANY)]), (whole.MANY // 2 - 1, [])):
        x = np.concatenate([np.full(many, 3.0), np.full(many, -3.0), [5.0]])
        got = x * np.concatenate([np.tile([1 - 2.0**-40, 1 + 2.0**-40], many), [1.0]])
        assert list(whole._sides(Outcome(VALUE, AGREES, arrays=(x, got)), "float64")) == found
    index = np.arange(2 * whole.MANY)
    assert not list(whole._sides(Outcome(VALUE, ILL, arrays=(index, index + 1.0)), "float64"))
