"""Every number by which the judge decides, from both of its sides: a little within it, and a little beyond.

The numbers are written here, not read from the judge: one that is half or twice as large is found out.
"""

from itertools import cycle

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.judging import coarse, inside, precision, whole
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome, compare
from refdgm.check.judging.forms import Forms
from refdgm.check.judging.scale import Scale
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import AGREES, DIFFERS, LOSES
from tests.check.judge import LOOSE, MEAN, VALUE, judge, outcomes, question, right

U, SINGLE = 2.0**-53, 2.0**-24


@pytest.mark.parametrize("many, verdict", [(7.5, AGREES), (8.5, LOSES)])
def test_eight_scales_are_allowed(many, verdict):
    """Nearly three times what the worst right candidate was off by."""
    asked = question()
    answers = right(asked)
    answers[MEAN][1, 1] += many * 2.0**-30
    assert outcomes(judge(asked, (2.0**-30, 2.0**-20, 2.0**-20)), answers)[MEAN].verdict == verdict


@pytest.mark.parametrize("share, verdict", [(0.9, AGREES), (1.1, LOSES)])
@pytest.mark.parametrize("dtype, smallest", [("float64", 2.0**-1022), ("float32", 2.0**-126)])
def test_a_way_through_the_subnormal_numbers_is_allowed(dtype, smallest, share, verdict):
    """Of 1024 normal numbers, for what is zero."""
    asked = question(dtype=dtype)
    asked.expected[MEAN][...] = 0.0
    answers = right(asked)
    answers[MEAN][1, 1] = share * 1024 * smallest
    tolerance = judge(asked, (0.0, LOOSE, LOOSE))
    vars(tolerance)["natives"] = []
    assert outcomes(tolerance, answers)[MEAN].verdict == verdict


def test_a_definition_is_not_asked_of_more_than_so_many_numbers(monkeypatch):
    """Which may write out every Jacobian: 2¹⁴ of them are asked of it."""
    measured = []
    monkeypatch.setattr(Tolerance, "_largest", lambda self, *_, **__: measured.append(1) or self._nothing())
    monkeypatch.setattr(Forms, "natively", lambda self, *_, **__: {})
    for size, many in ((2**14, 1), (2**14 + 1, 0)):
        asked = question("softmax", case=draw(CATALOGUE["softmax"], 3, sizes={"B": size, "K": 1}))
        tolerance = Tolerance(asked)
        vars(tolerance)["_evaluation"] = Scale(tolerance._nothing(), iter(()))
        measured.clear()
        assert tolerance.as_written.keys() == asked.base.keys() and len(measured) == many


def test_a_scale_is_measured_where_no_rounding_of_its_own_reaches():
    """In float64 by inputs that move by far more than a roundoff: the same numbers as in float32, but for the unit."""
    asked = question()
    narrow, wide = Tolerance(asked, "float64").conditioning[MEAN], Tolerance(asked, "float32").conditioning[MEAN]
    np.testing.assert_allclose(narrow / U, wide / SINGLE, rtol=1e-3)


def largest(asked):
    return np.unravel_index(np.argmax(np.abs(asked.expected[MEAN])), asked.expected[MEAN].shape)


def second_look(errors, beside=None):
    """The verdict on the largest slope, off by so much in float64 and in float32, and so much in questions beside; of a
    formula it is the same there."""
    asked = question()
    at = largest(asked)

    def ask(each):
        answers = right(each)
        if each.case is asked.case or each.dtype == "float32":
            answers[MEAN][at] += errors[each.dtype]
        else:
            answers[MEAN][at] += beside() if beside else errors["float64"]
        return answers

    tolerance = judge(asked, (0.0, 0.0, 0.0))
    result = Result(asked, DIFFERS, compare(tolerance, ask(asked), []), tolerance=tolerance)
    precision.second_look(result, ask, {})
    return {outcome.role: outcome.verdict for outcome in result.outcomes}[MEAN]


@pytest.mark.parametrize("share, verdict", [(0.9, LOSES), (1.1, DIFFERS)])
def test_rounding_shrinks_by_the_roundoff_but_for_a_thousand(share, verdict):
    """Of an error in float32, or of a sixteenth of what its conditioning makes likely."""
    asked = question()
    single = 1e-3
    large = share * 1024 * U / SINGLE * single
    assert second_look({"float32": single, "float64": large}) == verdict
    other = Question(asked.ref, asked.as_rounded, asked.terms, "float32")
    likely = Tolerance(other, "float32").conditioning[MEAN][largest(asked)]
    large = share * 1024 * U / SINGLE * likely / 16
    assert large > 16 * U * np.max(np.abs(asked.expected[MEAN]))
    assert second_look({"float32": 0.0, "float64": large}) == verdict


def noise(size, mean=0.0):
    """Now up, now down, about a mean: of the standard deviation √(32/31) times the size."""
    sign = cycle([1, -1])
    return lambda: size * (next(sign) + mean)


@pytest.mark.parametrize("share, verdict", [(0.9, LOSES), (1.1, DIFFERS)])
def test_no_rounding_is_as_large_as_that(share, verdict):
    """As 2⁻²⁸ of the largest number there is, or of one; a formula is smooth, and this error is not."""
    asked = question()
    arrays = (*asked.inputs.values(), *asked.base.values())
    size = share * 2.0**-28 * max(1.0, *(float(np.max(np.abs(x))) for x in arrays))
    assert second_look({"float32": 3 * size, "float64": size}, noise(size)) == verdict


@pytest.mark.parametrize("mean, verdict", [(0.68, LOSES), (0.76, DIFFERS)])
def test_the_mean_of_erratic_errors_is_within_four_standard_errors(mean, verdict):
    """4 √(32/31) / √32 = 0.72 of their size."""
    assert second_look({"float32": 3e-9, "float64": 1e-9}, noise(1e-9, mean)) == verdict
    assert second_look({"float32": 3e-9, "float64": 1e-9}, noise(-1e-9, mean)) == verdict


@pytest.mark.parametrize("times, verdict", [(1.9, DIFFERS), (2.1, LOSES)])
def test_an_error_of_rounding_is_twice_as_large_in_float32(times, verdict):
    assert second_look({"float32": times * 1e-9, "float64": 1e-9}, noise(1e-9)) == verdict


def test_questions_beside_are_thirty_two_and_lie_within_a_half():
    """An input is multiplied by no less than a half and no more than one and a half, and by nearly as much."""
    asked = question()
    found = precision._cases_beside(asked)
    assert len(found) == 32
    factors = np.stack([each.arrays["input.mean"] / asked.as_rounded.arrays["input.mean"] for each in found])
    assert 0.5 <= factors.min() < 0.55 and 1.45 < factors.max() <= 1.5
    for each in found:  # what nearly agrees moves together
        both = [each.arrays[f"input.{name}"] / asked.as_rounded.arrays[f"input.{name}"] for name in ("mean", "logvar")]
        np.testing.assert_allclose(*both, rtol=1e-12)


AFFINE = CATALOGUE["affine"]


def half(sizes):
    return Question(AFFINE, draw(AFFINE, 0, "unit", sizes), Terms(("value",), ()), "bfloat16")


@pytest.mark.parametrize("spreads, found", [
    ((0.1, 0.1, 0.75), False), ((0.1, 0.1, 0.85), True),  # 0.8 at least, of right code it was 0.28
    ((0.5, 0.5, 0.95), False), ((0.5, 0.5, 1.05), True),  # and twice that of the shortest axis
])  # fmt: skip
def test_an_error_that_grows_with_a_sum(spreads, found):
    def ask(each):
        grown = dict(zip((17, 129, 1025), spreads, strict=True))
        far = next((grown[n] for n in each.inputs["x"].shape if n in grown), spreads[0])
        role = "output.value"
        return {role: each.expected[role] + far * Tolerance(each, "bfloat16").spread(role)}

    terms = Terms(("value",), ())
    grown = coarse.growing(AFFINE, lambda case: Question(AFFINE, case, terms, "bfloat16"), ask, {"output.value"})
    assert bool(grown) is found


@pytest.mark.parametrize("longest, suspected", [(63, False), (64, True)])
def test_of_a_short_axis_no_sum_is_suspected(longest, suspected):
    """In what passes: there is too little to add up."""
    asked = half({"B": 4, "D": longest, "E": 4})
    tolerance, role = Tolerance(asked, "bfloat16"), "output.value"
    for far, is_so in ((0.85, suspected), (0.75, False)):
        arrays = asked.expected[role], asked.expected[role] + far * tolerance.spread(role)
        assert coarse._suspect(Result(asked, LOSES, tolerance=tolerance), Outcome(role, LOSES, arrays=arrays)) is is_so


@pytest.mark.parametrize("bits, told", [(11.0, "about 11 of 24 bits"), (8.0, "about 8 of 24"), (14.8, "about 15 of"),
                                        (15.2, "")])
def test_so_many_bits_are_told(bits, told):
    """Of 24, an error of 0.15 spreads in the median; fifteen of them may be luck."""
    mine, theirs = (Tolerance(question(dtype=dtype), dtype) for dtype in ("float32", "float64"))
    expected = mine.question.expected[VALUE]
    arrays = expected, expected + 0.15 * 2.0 ** (24 - bits) * mine.spread(VALUE)
    said = inside.told(mine, theirs, Outcome(VALUE, LOSES, arrays=arrays), right(theirs.question))
    assert told in said and bool(said) is bool(told)


@pytest.mark.parametrize("arrays, errors, share, noted", [
    (4, 32, 1.0, True), (3, 32, 1.0, False), (4, 31, 1.0, False), (4, 100, 0.96, True), (4, 100, 0.94, False),
])  # fmt: skip
def test_errors_toward_zero_are_told_of_enough_of_them(arrays, errors, share, noted):
    """Of four arrays with 32 errors each, 95 in a hundred of every one."""
    expected = np.linspace(1, 2, errors)
    toward = np.arange(errors) < share * errors
    got = expected * np.where(toward, 1 - SINGLE, 1 + SINGLE)
    asked = question(dtype="float32")
    results = [Result(asked, AGREES, [Outcome(VALUE, AGREES, arrays=(expected, got))]) for _ in range(arrays)]
    checked = Checked(asked.ref, "float32", results)
    whole.look(checked)
    assert bool(checked.notes) is noted
