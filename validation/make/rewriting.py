"""What `refdgm check` says of the correct rewrites in the shipped cases, where numbers are not of the order of one."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from typing import Any
from unittest import mock

import autograd.numpy as anp
import numpy as np

from refdgm import CATALOGUE
from refdgm.cases import Case
from refdgm.check import run as engine
from refdgm.check.candidates.answering import answer
from refdgm.check.candidates.entry import adapted
from refdgm.check.candidates.form import Candidate
from refdgm.check.judging.compare import Outcome
from refdgm.check.process.reply import Declared, Reply
from refdgm.check.questions.question import Question, Terms
from refdgm.check.questions.vectors import shipped
from refdgm.check.verdicts import PASSING
from refdgm.evidence.declare import DOUBLE, Rewrite
from validation.make.naming import measured_once

WAYS = ("own", "autograd")
Blamed = list[tuple[str, Outcome]]  # with the case


class Right:
    """A rewrite as a candidate in this process: with its own pullback, or its value differentiated by autograd."""

    def __init__(self, right: Rewrite, way: str) -> None:
        self.ref, self.followed = CATALOGUE[right.reference], way == "own"
        entry: dict[str, Any] = {"function": right.body, "framework": "numpy", "pair": True}
        if not self.followed:
            value = lambda *given, **options: right.body(*given, **options)[0]
            entry = {"function": value, "framework": "autograd"}
        self.candidate: Candidate = adapted(self.ref, entry)
        told = {name: getattr(self.candidate, name) for name in ("outputs", "gradients", "pair", "called")}
        self.found = {self.ref.name: Declared(**told)}

    def ask(self, head: dict[str, Any], arrays: dict[str, Any]) -> Reply:
        """As a child process would reply."""
        inputs, bars = ({name.partition(".")[2]: x for name, x in arrays.items() if name.startswith(kind)}
                        for kind in ("input.", "cotangent."))
        made = answer(self.candidate, self.ref, head["options"], inputs, bars, head["dtype"])
        found = {f"output.{name}": y for name, y in made.outputs.items()}
        found |= {f"gradient.{name}": g for name, g in made.gradients.items()}
        return Reply(True, found, made.dtype or head["dtype"], tuple(made.severed))

    def follows(self, case: Case) -> bool:
        """Whether autograd can trace what the rewrite is made of, in the options of this case."""
        if self.followed:
            return True
        question = Question(self.ref, case, Terms(tuple(self.ref.result), self.ref.wrt))
        try:
            self.ask({"options": case.options, "dtype": "float64"}, question.asked())
        except Exception:  # any of the many ways in which a library that traces refuses
            return False
        return True


@contextmanager
def traced() -> Iterator[None]:
    """The evidence computes with autograd's NumPy."""
    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("refdgm.evidence.") and vars(module).get("np") is np:
                stack.enter_context(mock.patch.object(module, "np", anp))
        yield


def asked(right: Rewrite, way: str) -> Blamed | None:
    """What is blamed, gradients of hyper-parameters too; None where autograd can follow it in no case, or where the
    gradient is on purpose not the value's. What computes in float32 is asked in it."""
    ref = CATALOGUE[right.reference]
    if way == "autograd" and (not ref.differentiable or ref.derivative_of is not None or right.eps != DOUBLE):
        return None
    one, dtype = Right(right, way), "float64" if right.eps == DOUBLE else "float32"
    with np.errstate(all="ignore"), traced() if way == "autograd" else ExitStack():
        cases = [case for case in shipped(ref.name).cases if one.follows(case)]
        if not cases:
            return None
        checked = engine.check(one, ref, cases, dtype, "cpu", lambda *_: None, strict=True)
    return [(result.question.case.id, outcome) for result in checked.results
            for outcome in result.outcomes if outcome.verdict not in PASSING]


def in_the_shipped_cases(entries: Iterable[Rewrite]) -> dict[str, dict[str, Blamed | None]]:
    """What is blamed, by name and by way of differentiating."""
    found = {}
    for _, group in groupby(entries, lambda right: right.reference):
        with measured_once():
            found |= {right.name: {way: asked(right, way) for way in WAYS} for right in group}
    return found


def broken(outcome: Outcome) -> bool:
    """Whether the form has no value there: somewhere no number, or in its worst element not one digit."""
    return outcome.arrays is not None and (outcome.digits < 1 or not np.isfinite(outcome.arrays[1]).all())


def told(blamed: dict[str, dict[str, Blamed | None]]) -> list[str]:
    """Every role that is blamed, once for each way of differentiating: in how many cases, and the worst of them."""
    lines = []
    for name, ways in blamed.items():
        for way, found in ways.items():
            for role in dict.fromkeys(outcome.role for _, outcome in found or ()):
                cases = [(case, outcome) for case, outcome in found or () if outcome.role == role]
                case, worst = min(cases, key=lambda one: one[1].digits)
                kept = sum(not broken(outcome) for _, outcome in cases)
                lines.append(f"{name} ({way}): {role} in {len(cases)} cases, in {kept} of them with digits; "
                             f"{worst.digits:.1f} digits in {case} at {worst.at}, {worst.got!r} for {worst.expected!r}")
    followed = sum(ways["autograd"] is not None for ways in blamed.values())
    counts = {way: [[broken(outcome) for _, outcome in ways[way] or ()] for ways in blamed.values()] for way in WAYS}
    many = {way: f"{sum(map(bool, each))} ({sum(not all(one) for one in each)} where there are digits)"
            for way, each in counts.items()}
    return [*lines, f"{len(blamed)} rewrites, {followed} of which autograd follows; blamed with their own pullback: "
            f"{many['own']}, with autograd's: {many['autograd']}"]
