"""Whether answers are those of a known mistake, judged as if the mistake were the reference.

A mistake is a function like another: how far an honest evaluation of it may be off is a matter of its own
conditioning, and of what evaluating the definition costs, as for another definition of the field.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from refdgm.check.diagnosis.common import FEW
from refdgm.check.dtypes import SMALLEST
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome
from refdgm.check.judging.tolerance import UNDERFLOW, C, Tolerance
from refdgm.check.numbers import Arrays
from refdgm.check.questions.question import Question
from refdgm.check.verdicts import DIFFERS, NONE
from refdgm.evidence import find
from refdgm.evidence.conventions import Convention
from refdgm.evidence.declare import Body, Mistake

Pairs = list[tuple[Result, Outcome]]
CLEARLY = 100.0  # tolerances by which a mistake must differ from the reference to be seen
SHOWN = 3  # cases at least that show a mistake which is not there in all
SHARE = 0.5  # of the error of the element that decided may be left by a mistake that explains it


@dataclass(frozen=True)
class Mistaken(Question):
    """The question whose right answer is the mistake's."""

    wrong: Body = lambda *_: None

    @cached_property
    def convention(self) -> Convention:
        """The maps stay, the body is exchanged."""
        return replace(Question(self.ref, self.case, self.terms, self.dtype).convention, body=self.wrong)


@dataclass
class Suspect:
    """A mistake, with its answers and tolerances, measured when they are first needed."""

    mistake: Mistake
    _answers: dict[int, Arrays] = field(default_factory=dict)
    _scales: dict[int, Arrays] = field(default_factory=dict)

    def answers(self, result: Result) -> Arrays:
        """By role; none where the mistake cannot run on a case."""
        if id(result) not in self._answers:
            try:
                self._answers[id(result)] = self._question(result).base
            except Exception:  # a mistake may be one that cannot even run on some shapes
                self._answers[id(result)] = {}
        return self._answers[id(result)]

    def _question(self, result: Result) -> Mistaken:
        asked = result.question
        return Mistaken(asked.ref, asked.case, asked.terms, asked.dtype, self.mistake.body)

    def allowed(self, result: Result, role: str, written: bool = False) -> Any:
        """How far an honest evaluation of the mistake may be off; `written`: in the definition's words."""
        tolerance = tolerance_of(result)
        if id(result) not in self._scales:
            try:
                self._scales[id(result)] = Tolerance(self._question(result), tolerance.dtype).conditioning
            except Exception:
                self._scales[id(result)] = {}
        scale = (tolerance.as_written if written else tolerance.evaluation)[role]
        own = self._scales[id(result)].get(role, 0.0)
        size = np.abs(self.answers(result)[role].astype(np.float64))
        return C * (np.maximum(scale, own) + tolerance.roundoff * size) + UNDERFLOW * SMALLEST[tolerance.dtype]

    def equals(self, pairs: Pairs) -> bool:
        """Wherever both are finite; where the candidate differs, it accounts for the element that decided; and
        somewhere there it is clearly not the right number, or is no number in just the elements where the candidate is
        none."""
        with np.errstate(all="ignore"):
            if not all(self._here(*pair) for pair in pairs):
                return False
            if not any(self._seen(*pair) for pair in pairs) and not self._undefined_alike(pairs):
                return False
            return not plain(pairs) or self._as_plain(pairs)

    def left(self, pairs: Pairs) -> list[Result] | None:
        """The cases in which it is not what the candidate answers, where it is in nearly all: as where both are written
        in other words, and one loses its digits far out. None where they are many, or too few are left to show it."""
        with np.errstate(all="ignore"):
            differing, others = sum(outcome.verdict == DIFFERS for _, outcome in pairs), list[Result]()
            for result, outcome in pairs:
                if not self._here(result, outcome):
                    others.append(result)
                if len(others) > FEW * differing:  # more cannot change it
                    return None
            kept = [pair for pair in pairs if not any(pair[0] is result for result in others)]
            shown = sum(self._seen(*pair) for pair in kept)
            return None if shown < SHOWN or (plain(pairs) and not self._as_plain(kept)) else others

    def _here(self, result: Result, outcome: Outcome) -> bool:
        """In one case; where no gradient came and none was asked for, nothing is said against it."""
        if outcome.verdict == NONE:
            return True
        mistaken = self.answers(result).get(outcome.role)
        if outcome.arrays is None or mistaken is None or mistaken.shape != outcome.arrays[1].shape:
            return False
        expected, got = outcome.arrays
        if expected.dtype.kind in "iub" or mistaken.dtype.kind in "iub":
            return np.array_equal(mistaken, got)
        if not _accounts(outcome, mistaken):
            return False
        finite = np.isfinite(mistaken) & np.isfinite(got)
        tolerance, apart = tolerance_of(result), np.abs(got - mistaken)[finite]
        quick = C * tolerance.roundoff * np.abs(mistaken) + UNDERFLOW * SMALLEST[tolerance.dtype]
        return bool((apart <= quick[finite]).all()) or any(
            (apart <= self.allowed(result, outcome.role, written)[finite]).all() for written in (False, True)
        )

    def _seen(self, result: Result, outcome: Outcome) -> bool:
        """Whether it is clearly not the right number in a case that differs."""
        if outcome.verdict != DIFFERS or outcome.arrays is None:
            return False
        (expected, got), mistaken = outcome.arrays, self.answers(result)[outcome.role]
        if expected.dtype.kind in "iub":
            return not np.array_equal(mistaken, expected)
        if (np.isinf(mistaken) & (got == mistaken) & np.isfinite(expected)).any():
            return True
        both = np.isfinite(mistaken) & np.isfinite(got)
        return bool((np.abs(mistaken - expected) > CLEARLY * self.allowed(result, outcome.role))[both].any())

    def _undefined_alike(self, pairs: Pairs) -> bool:
        """Whether both are NaN in the same elements of all cases, some of which are numbers where they are right, and
        infinite in the same; and numbers elsewhere, for what is NaN throughout has no likeness."""
        some = numbers = False
        for result, outcome in pairs:
            if outcome.arrays is None:
                continue
            (expected, got), mistaken = outcome.arrays, self.answers(result)[outcome.role]
            if expected.dtype.kind in "iub" or mistaken.dtype.kind in "iub":
                return False
            none, finite = np.isnan(got), np.isfinite(got)
            if (none != np.isnan(mistaken)).any() or ((got != mistaken) & ~none & ~finite).any():
                return False
            some |= bool((none & np.isfinite(expected)).any())
            numbers |= bool(finite.any())
        return some and numbers

    def _as_plain(self, pairs: Pairs) -> bool:
        """Zeros, and one number throughout, are what many mistakes come near to; they are those that give just that."""
        differing = [(self.answers(r)[o.role], o.arrays[1]) for r, o in pairs if o.verdict == DIFFERS and o.arrays]
        return all(flat(wrong) if got.any() else not wrong.any() for wrong, got in differing)

    def beyond(self, pairs: Pairs) -> int:
        """In how many cases the candidate is no number where the mistake is one."""
        return len({
            id(result)
            for result, outcome in pairs
            if outcome.arrays is not None
            and (np.isfinite(self.answers(result)[outcome.role]) & ~np.isfinite(outcome.arrays[1])).any()
        })


def suspects(checked: Checked) -> list[Suspect]:
    """The known mistakes of its reference, the same ones however often it is asked of them."""
    if not checked.suspects:
        checked.suspects = [Suspect(mistake) for mistake in find.mistakes(checked.ref.name)]
    return checked.suspects


def _accounts(outcome: Outcome, mistaken: Any) -> bool:
    """Whether no more than a share of the error that decided is left beside the mistake."""
    if outcome.verdict != DIFFERS or outcome.arrays is None:
        return True
    expected, got = (float(x[outcome.at]) for x in outcome.arrays)
    wrong = float(mistaken[outcome.at])
    return not np.isfinite([got, wrong]).all() or abs(got - wrong) <= SHARE * abs(got - expected)


def plain(pairs: Pairs) -> str:
    """Zeros, or one number throughout, where something else is asked for."""
    differing = [o.arrays for _, o in pairs if o.verdict == DIFFERS and o.arrays is not None]
    where = "in all cases" if len(differing) == len(pairs) else "in all cases that differ"
    if differing and not any(got.any() for _, got in differing):
        return f"zeros, {where}"
    if differing and all(flat(got) and not flat(expected) for expected, got in differing):
        return f"one number throughout each array, {where}"
    return ""


def flat(x: Any) -> bool:
    """Whether it is one number throughout, to a few roundings."""
    return bool(x.size > 1 and np.isfinite(x).all() and np.ptp(x) <= 1e-14 * np.max(np.abs(x)))


def tolerance_of(result: Result) -> Tolerance:
    """The one measured when the case was judged."""
    return result.tolerance or Tolerance(result.question, result.question.dtype)
