"""Rounding scales with the unit roundoff, a wrong formula does not: an answer outside every known form, but near, is
held against answers to the same question in another precision, and to questions beside it.

* Where the error *shrinks* with the roundoff, digits were lost, however many.
* What is lost below the roundoff of the largest of a row, or of what is usual in this role, in both precisions, is
  rounding too: it *blurs*.
* Where float32 keeps nothing at all, its error is the number itself and tells little. There the error of rounding is
  *erratic*, now up, now down as the inputs move a little, while that of a formula is smooth.

In half precision, whose range ends at once, a number that is none is held against float32. Everywhere else it is wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from refdgm.cases import Case, nest
from refdgm.check.dtypes import BITS
from refdgm.check.judging import inside
from refdgm.check.judging.checked import Result, verdict_of
from refdgm.check.judging.compare import Outcome, compare
from refdgm.check.judging.tolerance import C, Tolerance, once_measured
from refdgm.check.numbers import Arrays
from refdgm.check.questions.question import Question
from refdgm.check.verdicts import DIFFERS, LOSES
from refdgm.errors import RefdgmError

Ask = Callable[[Question], Arrays | None]  # the candidate's answers to a question, if there are any

OTHER = {"float64": "float32", "float32": "float64", "float16": "float32", "bfloat16": "float32"}
NEAR = 2.0  # times the largest element of an array: what is further off is not asked about again
SPARE = 2.0**10  # by which the error may shrink less than the roundoff: it differs from form to form, and by luck
LEAST = 2.0**-4  # of the conditioning in the lower precision: the error of an element there may be small by luck
BESIDE, APART = 32, 0.5  # so many questions, their inputs multiplied by 1 plus or minus this
TINY = 2.0**-28  # of the largest number there is, or of one: beyond it no rounding of float64 reaches
DRIFT = 4.0  # standard errors by which the mean of so many errors may be off zero
GROWTH = 2.0  # by which the error is larger in float32 at least: noise of the candidate's own is not


def second_look(result: Result, ask: Ask, usual: Mapping[str, float]) -> None:
    """Change the outcomes, and so the verdict, of what proves to be rounding; `usual` is the size of each role."""
    question = result.question
    if result.coarse:  # it computes in float32 whatever it is asked: there is no other precision to be had
        return
    other = Question(question.ref, question.as_rounded, question.terms, OTHER[question.dtype])
    if not _undecided(result):
        return
    answers: Arrays = {}
    if _alike(question.asked(), other.asked()):
        if (found := _replied(other, _undecided(result), ask)) is None:
            return
        answers = found
        _against(result, other, answers, usual)
    if not _in_half(question.dtype) and _undecided(result):
        _beside(result, other, answers, ask)
    result.verdict = verdict_of(result.outcomes)


def _replied(question: Question, outcomes: list[Outcome], ask: Ask) -> Arrays | None:
    """The answers, if these roles came in their shapes: who breaks down there has proved nothing here."""
    reply, right = ask(question), question.base
    if reply is None or any(o.role not in reply or reply[o.role].shape != right[o.role].shape for o in outcomes):
        return None
    return reply


def _alike(mine: Arrays, theirs: Arrays) -> bool:
    return all(np.array_equal(x, theirs[name], equal_nan=True) for name, x in mine.items())


def _undecided(result: Result) -> list[Outcome]:
    """What another precision may decide: what is near, or in half precision no number."""
    return [outcome for outcome in result.outcomes if _open(outcome, result.question)]


def _open(outcome: Outcome, question: Question) -> bool:
    if outcome.verdict != DIFFERS or outcome.arrays is None:
        return False
    expected, got = outcome.arrays
    if expected.dtype.kind != "f" or expected.shape != got.shape:
        return False
    with np.errstate(all="ignore"):
        if _in_half(question.dtype):
            return not np.isfinite(got).all()
        lost = 2.0 ** (-BITS[question.dtype] / 2) * _largest(question.inputs) ** 2  # half of the digits of a square
        return bool(np.max(np.abs(got - expected)) <= max(NEAR * np.max(np.abs(expected)), lost))


def _largest(*several: Arrays) -> float:
    """Of their finite numbers, and one."""
    arrays = [x for each in several for x in each.values()]
    return max((float(np.max(np.abs(x), initial=1.0, where=np.isfinite(x))) for x in arrays), default=1.0)


def _arrays(outcome: Outcome) -> tuple[Any, Any]:
    """Expected and got, which an open outcome has."""
    assert outcome.arrays is not None
    return outcome.arrays


def _in_half(dtype: str) -> bool:
    return BITS[dtype] < BITS["float32"]


def _against(result: Result, other: Question, answers: Arrays, usual: Mapping[str, float]) -> None:
    """The same question in another precision."""
    mine = result.tolerance or Tolerance(result.question, result.question.dtype)
    theirs = once_measured(other, other.dtype)
    half = _in_half(mine.dtype)
    right = {o.role for o in compare(theirs, answers, []) if o.verdict != DIFFERS} if half else set[str]()
    for outcome in _undecided(result):
        expected, got = _arrays(outcome)
        if half:
            if outcome.role in right:
                outcome.verdict, outcome.note = LOSES, f"beyond the range of {mine.dtype}; right in {other.dtype}"
            continue
        with np.errstate(all="ignore"):
            errors = {mine: np.abs(got - expected), theirs: np.abs(answers[outcome.role] - expected)}
            high, low = sorted(errors, key=lambda tolerance: tolerance.roundoff)
            large = np.maximum(errors[low], LEAST * low.conditioning[outcome.role])
            shrinks = np.isfinite(large) & (errors[high] <= SPARE * high.roundoff / low.roundoff * large)
            size = usual.get(outcome.role, 0.0)
            left = ~(errors[mine] <= mine.loose(outcome.role)) & ~shrinks
            blurs = (not left.any()  # in this order: the scale of the other precision is costly, and seldom asked for
                     or all((errors[one] <= _blur(one, outcome, size))[left].all() for one in (mine, theirs)))
        if blurs:
            shrinking = f"the error shrinks with the roundoff, from {low.dtype} on"
            outcome.verdict, outcome.note = LOSES, inside.told(mine, theirs, outcome, answers) or shrinking


def _blur(tolerance: Tolerance, outcome: Outcome, size: float) -> Any:
    """What the largest of a row may be off, for where elements are mixed on the way (a mean taken off, a normalisation)
    each gets a share of it; or a number of the usual size, from which a tail may be what is left."""
    loose = np.asarray(tolerance.loose(outcome.role))
    return np.maximum(np.max(loose, axis=-1, keepdims=True) if loose.ndim else loose, C * tolerance.roundoff * size)


def usual_sizes(questions: list[Question]) -> dict[str, float]:
    """By role, the median over all cases of the largest number."""
    largest: dict[str, list[float]] = {}
    for question in questions:
        for role, x in question.expected.items():
            if x.dtype.kind == "f" and x.size:
                largest.setdefault(role, []).append(float(np.max(np.abs(x))))
    return {role: float(np.median(sizes)) for role, sizes in largest.items()}


def _beside(result: Result, other: Question, answers: Arrays, ask: Ask) -> None:
    """Questions whose inputs lie a little apart."""
    question, undecided = result.question, _undecided(result)
    tolerance = result.tolerance or Tolerance(question, question.dtype)
    tiny = TINY * 2.0 ** (53 - BITS[question.dtype]) * _largest(question.inputs, question.base)
    errors = {outcome.role: np.abs(np.subtract(*_arrays(outcome))) for outcome in undecided}
    wrong = {role: ~(error <= tolerance.loose(role)) for role, error in errors.items()}
    cases = _cases_beside(question) if all(np.max(errors[role][each]) <= tiny for role, each in wrong.items()) else []
    if len(cases) < BESIDE:
        return
    found: dict[str, list[Any]] = {role: [] for role in errors}
    for case in cases:
        near = Question(question.ref, case, question.terms, question.dtype)
        if (reply := _replied(near, undecided, ask)) is None:
            return
        for role, each in found.items():
            each.append(reply[role] - near.base[role])
    for outcome in undecided:
        role = outcome.role
        with np.errstate(all="ignore"):
            drift = np.abs(np.mean(found[role], axis=0)) * BESIDE**0.5
            erratic = drift <= DRIFT * np.std(found[role], axis=0, ddof=1)
            in_other = np.abs(answers[role] - other.expected[role]) if answers else errors[role]
            small, large = (errors[role], in_other) if question.dtype == "float64" else (in_other, errors[role])
        grows = not answers or np.max(large[wrong[role]]) >= GROWTH * np.max(small[wrong[role]])
        if erratic[wrong[role]].all() and grows:
            outcome.verdict, outcome.note = LOSES, "the error is that of rounding: now up, now down beside this case"


def _cases_beside(question: Question) -> list[Case]:
    """Cases that lie a little apart, in their support: by less where they must; what nearly agrees moves together."""
    case, rng, found = question.as_rounded, np.random.Generator(np.random.Philox(key=29)), list[Case]()
    moving = {f"input.{name}" for name in question.inputs if question.inputs[name].dtype.kind == "f"}
    apart = APART
    while len(found) < BESIDE and apart > 2.0**-30:
        factors: dict[tuple[int, ...], Any] = {}
        arrays = {
            name: x * (1 + apart * factors.setdefault(x.shape, rng.uniform(-1, 1, x.shape))) if name in moving else x
            for name, x in case.arrays.items()
        }
        if question.dtype == "float32":
            with np.errstate(over="ignore"):  # what float32 does not hold is infinite there
                arrays = {name: x.astype(np.float32).astype(x.dtype) for name, x in arrays.items()}
        given = nest({name.removeprefix("input."): x for name, x in arrays.items() if name.startswith("input.")})
        try:
            question.ref.validate(*(given[name] for name in question.ref.arrays), **case.options)
        except RefdgmError:
            apart /= 16
            continue
        found.append(replace(case, arrays=arrays))
    return found
