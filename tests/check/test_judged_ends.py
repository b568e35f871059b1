"""The judge where two of its verdicts meet, and where one of its own measures is missing."""

import sys

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.judging import answered, inside, precision
from refdgm.check.judging.checked import Result
from refdgm.check.judging.compare import Outcome, compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import AGREES, DIFFERS, ILL, LOSES
from tests.check.judge import LOOSE, LOOSEST, MEAN, STRICT, VALUE, judge, outcomes, question, right
from tests.check.looked import Given


@pytest.mark.parametrize("scale, verdict, beyond", [(STRICT, AGREES, LOSES), (LOOSE, LOSES, LOSES),
                                                    (LOOSEST, LOSES, DIFFERS)])
def test_who_is_just_within_is_within(scale, verdict, beyond):
    """Of a zero all that is allowed are eight scales, and what they are more by is no number."""
    asked = question()
    asked.expected[MEAN][...] = 0.0
    answers = right(asked)
    answers[MEAN][1, 1] = 8 * scale
    assert outcomes(judge(asked), answers)[MEAN].verdict == verdict
    answers[MEAN][1, 1] *= 1 + 2.0**-40
    assert outcomes(judge(asked), answers)[MEAN].verdict == beyond


def test_the_furthest_is_told_by_what_is_allowed_it():
    """Not by its error, nor by its share of the number."""
    asked = question()
    tolerance = judge(asked)
    loosest = np.full((5, 3), 2.0**-20)
    loosest[1, 1] = 2.0**-10
    vars(tolerance)["as_written"] = vars(tolerance)["as_written"] | {MEAN: loosest}
    answers = right(asked)
    answers[MEAN][1, 1] += 16 * 2.0**-10  # twice what is allowed
    answers[MEAN][3, 2] += 32 * 2.0**-20  # four times
    one = outcomes(tolerance, answers)[MEAN]
    assert (one.verdict, one.at) == (DIFFERS, (3, 2))


def test_an_infinity_is_not_the_largest_number():
    asked = question()
    asked.expected[VALUE][0] = sys.float_info.max
    answers = right(asked)
    answers[VALUE][0] = np.inf
    assert outcomes(judge(asked), answers)[VALUE].verdict == DIFFERS


def test_what_has_lost_all_its_digits_is_no_question():
    """Where the definition loses them all, and the reference none."""
    asked = question()
    near, far = np.min(np.abs(asked.expected[MEAN])) / 64, np.max(np.abs(asked.expected[MEAN]))
    answers = {role: x + near for role, x in right(asked).items()}
    assert outcomes(judge(asked, (near / 64, far, far)), answers)[MEAN].verdict == ILL
    assert outcomes(judge(asked, (near / 64, near, far)), answers)[MEAN].verdict == LOSES


def test_a_wrong_index_is_minded():
    asked = question("gumbel_max", case=draw(CATALOGUE["gumbel_max"], 3))
    wrong = {VALUE: (right(asked)[VALUE] + 1) % 7}
    one = outcomes(judge(asked), wrong)[VALUE]
    assert one.verdict == DIFFERS and not one.unasked and not one.spared


def test_indices_that_are_no_whole_numbers_are_told():
    ref = CATALOGUE["gumbel_max"]
    asked = answered.question(ref, draw(ref, 3))
    said = answered.wrong(asked, {VALUE: right(asked)[VALUE] + 0.5})
    assert said == "not whole numbers; give right answers, or ask with --shape"
    assert answered.wrong(asked, right(asked)) == ""


def test_a_scale_is_measured_whole_where_no_error_is_told():
    asked = question()
    for name, of in (("strict", "conditioning"), ("loose", "evaluation")):
        whole = getattr(Tolerance(asked), of)[MEAN]
        np.testing.assert_array_equal(getattr(Tolerance(asked), name)(MEAN), Tolerance(asked)._allowed(MEAN, whole))


def test_the_numbers_of_one_grid_have_one_scale():
    """The largest of them, a rounding of its number included: they are one schedule."""
    asked = question("dopri5_steps")
    role = "gradient.times"
    read, raw = Tolerance(asked).conditioning[role], Tolerance(asked)._conditioning
    raw.until(role, lambda x: False)
    want = np.max(raw._largest[role] + 2.0**-53 * np.abs(asked.expected[role]))
    assert want > 1.01 * np.max(raw._largest[role]) or want > np.max(raw._largest[role])
    np.testing.assert_array_equal(read, np.full_like(read, want))


@pytest.mark.parametrize("dtype, u", [("float32", 2.0**-24), ("bfloat16", 2.0**-8)])
def test_a_spread_has_a_rounding_of_the_number_itself(dtype, u):
    """Of either sign."""
    asked = question("affine", dtype=dtype)
    for role, x in asked.base.items():
        assert (Tolerance(asked, dtype).spread(role) >= u * np.abs(x)).all() and (x < 0).any()


@pytest.mark.parametrize("dtype, kept", [("float64", False), ("float32", False), ("float16", True), ("bfloat16", True)])
def test_what_is_kept_costs_digits_where_sums_are_finer(monkeypatch, dtype, kept):
    """Of an accumulator that is no finer the roundings are in the scale already."""
    asked, plain = [], Tolerance._keeping
    monkeypatch.setattr(Tolerance, "_keeping", lambda self: asked.append(1) or plain(self))
    assert Tolerance(question(dtype=dtype), dtype).conditioning and bool(asked) is kept


def test_fifteen_bits_are_told_and_no_more():
    expected = np.zeros(3)
    for bits, told in ((15.0, True), (15.0 + 1e-9, False)):
        got = np.full(3, inside.USUAL * 2.0 ** (24 - bits))
        said = inside.told(Given("float32"), Given("float64"), Outcome(VALUE, LOSES, arrays=(expected, got)),
                           {VALUE: expected})
        assert bool(said) is told


@pytest.mark.parametrize("times, verdict", [(1.0, LOSES), (2.0, DIFFERS)])
def test_half_precision_is_held_against_float32(times, verdict):
    """A number that is none there may be right; who is wrong in float32 is wrong."""
    ref = CATALOGUE["gaussian_kl"]
    case = draw(ref, 3)
    case.arrays["input.mean"][...] = 2.0**9
    asked = Question(ref, case, Terms(("value",), ()), "float16")

    def ask(each):
        return {VALUE: (np.inf if each.dtype == "float16" else times) * each.expected[VALUE]}

    outcome = Outcome(VALUE, DIFFERS, arrays=(asked.expected[VALUE], ask(asked)[VALUE]))
    result = Result(asked, DIFFERS, [outcome], tolerance=Tolerance(asked, "float16"))
    precision.second_look(result, ask, {})
    assert result.verdict == outcome.verdict == verdict


@pytest.mark.parametrize("kept", [True, False])
def test_an_error_that_is_nowhere_beside_is_no_formula(kept):
    """Whether the tolerance of the question was kept or not."""
    asked = question()

    def ask(each):
        answers = right(each)
        if each.dtype == "float32" or each.case is asked.case:
            answers[MEAN][1, 1] += 4e-9 if each.dtype == "float32" else 1e-9
        return answers

    tolerance = Tolerance(asked)
    result = Result(asked, DIFFERS, compare(tolerance, ask(asked), []), tolerance=tolerance if kept else None)
    assert [one.verdict for one in result.outcomes if one.role == MEAN] == [DIFFERS]
    precision.second_look(result, ask, {})
    assert result.verdict == LOSES
