"""An answer against the right one: shape first, then every element on its own. Never a norm, never a sum."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from refdgm.check.dtypes import LARGEST
from refdgm.check.judging import rows
from refdgm.check.judging.rows import Bounds
from refdgm.check.judging.tolerance import C, Tolerance
from refdgm.check.noise import noise, perturbed
from refdgm.check.numbers import Arrays
from refdgm.check.questions.question import Question
from refdgm.check.verdicts import AGREES, DIFFERS, ILL, LOSES, MISSING, NO_PATH, NONE, PASSING, UNASKED
from refdgm.declaration.supports import SUM_IS_ONE


@dataclass
class Outcome:
    """The verdict on one role of one case, with the element that decided it."""

    role: str
    verdict: str
    note: str = ""
    unasked: bool = False  # of a hyper-parameter, whose gradient nobody asked for
    at: tuple[int, ...] = ()
    expected: float | None = None
    got: float | None = None
    digits: float = 17.0  # that agree, in the worst element
    ulps: float = 0.0  # of the dtype, in the worst element
    shapes: tuple[tuple[int, ...], tuple[int, ...]] | None = (
        None  # got and right, where they are not the same
    )
    rows: tuple[int, int] | None = None  # that the digits were asked of, and all, where these are more
    arrays: tuple[Any, Any] | None = field(default=None, repr=False)  # expected and got, for the diagnosis

    @property
    def spared(self) -> bool:
        """Whether it is a difference that is told, and no more."""
        return self.unasked and self.verdict == DIFFERS


def compare(tolerance: Tolerance, answers: Arrays, severed: list[str]) -> list[Outcome]:
    """The outcome of every role that was asked for."""
    question, outcomes = tolerance.question, []
    outputs = {name: answers[f"output.{name}"] for name in question.bars if f"output.{name}" in answers}
    misshapen = [name for name, y in outputs.items() if y.shape != question.bars[name].shape]
    for role, expected in question.expected.items():
        if question.spared(role) and not misshapen:
            outcomes.append(_unasked(role, expected, answers, tolerance))
        elif role in answers:
            outcomes.append(_one(role, expected, answers[role], tolerance))
        elif misshapen and role.startswith("gradient."):  # there was nothing to pull back from
            outcomes.append(Outcome(role, UNASKED, f"for {misshapen[0]} has another shape"))
        elif role.partition(".")[2] in severed and all(f"output.{name}" in answers for name in question.bars_asked):
            outcomes.append(_unreached(role, expected, tolerance))
        else:
            outcomes.append(Outcome(role, MISSING, "not returned"))
    if any(o.verdict == DIFFERS and discrete(question, o.role) for o in outcomes) and tied(
        question, answers, tolerance
    ):
        for outcome in outcomes:  # a rounding decided: what follows from the choice is no question of the formula
            if outcome.verdict == DIFFERS:
                outcome.verdict, outcome.note = ILL, "a tie, within rounding"
    return outcomes


def _unreached(role: str, expected: Any, tolerance: Tolerance) -> Outcome:
    """A gradient for which the framework found no path: it is zero, which may be right."""
    outcome = _one(role, expected, np.zeros(expected.shape), tolerance)
    outcome.note = "" if outcome.verdict in PASSING else NO_PATH
    return outcome


def _unasked(role: str, expected: Any, answers: Arrays, tolerance: Tolerance) -> Outcome:
    """The gradient of a hyper-parameter: nothing came, or a difference that is told and no more, unless it was written
    by hand. A framework may give zero for want of a path."""
    by_hand, got = tolerance.question.terms.pair, answers.get(role)
    outcome = _one(role, expected, np.zeros(expected.shape) if got is None else got, tolerance)
    if outcome.verdict not in PASSING and (got is None or not (by_hand or got.any())):
        return Outcome(role, NONE)
    outcome.unasked = not by_hand
    return outcome


def _one(role: str, expected: Any, got: Any, tolerance: Tolerance) -> Outcome:
    if got.shape != expected.shape:
        note, shapes = f"shape {got.shape}, right is {expected.shape}", (got.shape, expected.shape)
        return Outcome(role, DIFFERS, note, digits=0.0, ulps=np.inf, shapes=shapes)
    if expected.dtype.kind in "iub":
        return _index(role, expected, got)
    got = got.astype(np.float64)
    with np.errstate(all="ignore"):
        size = np.abs(expected)
        beyond = (size > LARGEST[tolerance.dtype]) & (got == np.sign(expected) * np.inf)  # no number of this dtype
        error = np.where(np.isnan(got), np.inf, np.abs(got - expected))
        error = np.where((got == expected) | beyond, 0.0, error)
        quick = C * tolerance.roundoff * np.where(np.isfinite(size), size, 0.0)  # an infinity is one or is not
        by_rows = rows.judged(tolerance, role, got, error, quick, _bounds) if (error > quick).any() else None
        found = by_rows or _bounds(tolerance, role, got, error, quick)
        loose, lost, wrong = found.loose, found.lost, found.wrong
        relative = np.where(error > 0, error / np.where(size > 0, size, 1.0), 0.0)
        known = (size > 0) & np.broadcast_to(found.measured, size.T.shape).T
        blurred = (loose if lost.any() else found.strict) >= size
        share = error / loose
    if got.size == 0:
        return Outcome(role, AGREES, "empty", arrays=(expected, got))
    worst = _worst(wrong, lost, share, relative)
    verdict = DIFFERS if wrong.any() else LOSES if lost.any() else AGREES
    if verdict is not DIFFERS and known.any() and blurred[known].all():
        verdict = ILL
    note = "NaN" if np.isnan(got[worst]) else ""
    e, g, r = float(expected[worst]), float(got[worst]), float(relative[worst])
    spacing = max(abs(e) * 2 * tolerance.roundoff, 5e-324)
    digits = 17.0 if r == 0 else max(0.0, min(17.0, -np.log10(r)))
    ulps = float(error[worst]) / spacing
    few = None if by_rows is None else (int(found.measured.sum()), len(size))
    return Outcome(role, verdict, note, False, tuple(map(int, worst)), e, g, digits, ulps, None, few, (expected, got))


def _bounds(tolerance: Tolerance, role: str, got: Any, error: Any, quick: Any) -> Bounds:
    strict = quick if (error <= quick).all() else tolerance.strict(role, error)
    lost = ~(error <= strict)
    loose = tolerance.loose(role, error) if lost.any() else strict
    wrong = ~(error <= loose) & lost
    if wrong.any():
        loose = tolerance.loosest(role)
        wrong = ~(error <= loose) & lost
    if wrong.any():  # an infinity where a definition has one is no other formula; a NaN only in half precision
        wrong &= ~(np.isinf(got) & tolerance.overflows(role))
        wrong &= ~(np.isnan(got) & tolerance.overflows_in_half(role))
    return Bounds(strict, loose, lost, wrong)


def _worst(wrong: Any, lost: Any, share: Any, relative: Any) -> tuple[Any, ...]:
    """The element that decides: the furthest beyond its tolerance, or the one with the fewest digits."""
    of, key = (wrong, share) if wrong.any() else (lost, relative) if lost.any() else (~lost, relative)
    key = np.where(of, key, -1.0)
    return np.unravel_index(int(np.argmax(key)), share.shape)


def _index(role: str, expected: Any, got: Any) -> Outcome:
    if got.dtype.kind == "f" and not (got == np.round(got)).all():
        return Outcome(role, DIFFERS, "not whole numbers", digits=0.0, ulps=np.inf)
    wrong = got != expected
    if not wrong.any():
        return Outcome(role, AGREES, arrays=(expected, got))
    at = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
    note, place = f"{int(wrong.sum())} of {wrong.size} indices", tuple(int(i) for i in at)
    e, g = float(expected[at]), float(got[at])
    return Outcome(role, DIFFERS, note, False, place, e, g, 0.0, np.inf, arrays=(expected, got))


def discrete(question: Question, role: str) -> bool:
    """An index, or a one-hot row: what a rounding changes by a whole step or not at all."""
    head, _, name = role.partition(".")
    if head != "output" or role not in question.expected or name in question.terms.sums:
        return False
    x = question.expected[role]
    one_hot = question.ref.result[name].support.rows is SUM_IS_ONE and question.ref.derivative_of is not None
    return bool(x.dtype.kind in "iub" or (one_hot and ((x == 0) | (x == 1)).all()))


def tied(question: Question, answers: Arrays, tolerance: Tolerance) -> bool:
    """Whether every choice that is not ours is that of the reference a few roundings away, or of the definition
    evaluated in this very dtype. What is no whole number, but for a few roundings, is no choice."""
    left = {}
    for role in filter(lambda role: role in answers and discrete(question, role), question.expected):
        whole = np.round(answers[role])
        broken = np.abs(answers[role] - whole) > C * tolerance.roundoff
        if whole.shape != question.expected[role].shape or broken.any():
            return False
        left[role] = whole != question.expected[role]
    for seed in range(64):
        with noise(seed, C * tolerance.roundoff):
            moved = question.moved(perturbed)
            found = question.by(question.ref.body, moved, question.bars) if seed else tolerance.native
        for role in left:
            if role in found:
                left[role] &= np.round(answers[role]) != found[role]
        if not any(x.any() for x in left.values()):
            return True
    return False
