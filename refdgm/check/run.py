"""From cases to verdicts: put every case to the candidate, compare, count what was answered, diagnose what differs."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from refdgm.cases import Case
from refdgm.catalogue import CATALOGUE
from refdgm.check import diagnosis as diagnose
from refdgm.check.judging import compare as verdicts
from refdgm.check.judging.compare import Outcome, compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.numbers import BITS, Arrays
from refdgm.check.process.session import CandidateGone, plain
from refdgm.check.questions.question import Question, Terms
from refdgm.reference import Reference

Step = Callable[[str, int, int], None]
FOREIGN = "numpy|ndarray|torch|tensor|jax|tracer|arraybox|cupy|pullback"  # in the words of an error
GONE = {"raised": verdicts.ERROR, "timeout": verdicts.TIMEOUT}


class Asked(Protocol):
    """Whoever answers: a child process, or a function in this one."""

    found: dict[str, dict[str, Any]]

    def ask(self, head: dict[str, Any], arrays: Arrays) -> tuple[dict[str, Any], Arrays]: ...


@dataclass
class Result:
    """What came of one case."""

    question: Question
    verdict: str
    outcomes: list[Outcome] = field(default_factory=list)
    message: str = ""
    tolerance: Tolerance | None = None  # kept, for it was costly to measure
    coarse: bool = False  # answered in a lower dtype than asked in


@dataclass
class Checked:
    """What came of one function: its cases, and what a comparison of all of them says."""

    ref: Reference
    dtype: str = "float64"
    results: list[Result] = field(default_factory=list)
    asked: int = 0
    convention: str = ""  # that was recognised; a declared one is in the terms
    equals: list[tuple[list[str], str]] = field(
        default_factory=list
    )  # roles that differ, and what they are equal to
    notes: list[str] = field(default_factory=list)
    called: str = ""  # how, where its names are not ours

    @property
    def answered(self) -> int:
        """The cases that came back with an answer to compare."""
        return sum(bool(result.outcomes) for result in self.results)

    @property
    def coarse(self) -> bool:
        """Whether it answered in a lower dtype than it was asked in."""
        return any(result.coarse for result in self.results)

    @property
    def certified(self) -> bool:
        return not self.coarse and all(result.question.certified for result in self.results)

    def by_role(self) -> dict[str, list[tuple[Result, Outcome]]]:
        """Outcomes of one output or gradient, parameters under their argument: "gradient.theta"."""
        roles: dict[str, list[tuple[Result, Outcome]]] = {}
        for result in self.results:
            for outcome in result.outcomes:
                roles.setdefault(".".join(outcome.role.split(".")[:2]), []).append((result, outcome))
        return roles

    @property
    def verdict(self) -> str:
        """The worst of all; agreement only if every case that was asked was answered and has digits somewhere."""
        worst = worst_of(r.verdict for r in self.results) if self.results else verdicts.MISSING
        if worst not in verdicts.PASSING:
            return worst
        if self.answered != self.asked or self.asked == 0:
            return verdicts.ERROR
        if all(o.verdict == verdicts.ILL for pairs in self.by_role().values() for _, o in pairs):
            return verdicts.ILL
        if self.coarse:
            return verdicts.COARSE
        lost = any(o.verdict == verdicts.LOSES for r in self.results for o in r.outcomes)
        return verdicts.LOSES if lost else verdicts.AGREES


def worst_of(found: Iterable[str]) -> str:
    """The worst verdict: a difference, then what was not answered, then what passes."""
    return max(found, key=verdicts.SEVERITY.index)


def check(
    asked: Asked, ref: Reference, cases: list[Case], dtype: str | None, device: str, step: Step
) -> Checked:
    """All cases of one reference."""
    declared = asked.found[ref.name]
    chosen = dtype or declared["dtype"] or "float64"
    terms = Terms(
        tuple(declared["outputs"]),
        tuple(declared["gradients"]),
        declared["reduction"],
        declared["convention"],
    )
    checked = _round(asked, ref, cases, terms, chosen, device, step)
    if checked.verdict == verdicts.DIFFERS:
        again = lambda other, some: _round(asked, ref, some, other, chosen, device, lambda *_: None)
        if checked.answered != checked.asked:
            checked.equals = diagnose.named(checked)
        elif (agreeing := diagnose.under_a_convention(checked, terms, again)) is not None:
            return agreeing
        else:
            checked.equals = diagnose.explained(checked, terms, again)
    return checked


def _round(
    asked: Asked, ref: Reference, cases: list[Case], terms: Terms, dtype: str, device: str, step: Step
) -> Checked:
    checked = Checked(ref, dtype, asked=len(cases), called=plain(str(asked.found[ref.name].get("called") or "")))
    gone = ""
    for number, case in enumerate(cases, 1):
        step(ref.name, number, len(cases))
        question = Question(ref, case, terms, dtype)
        if gone:
            checked.results.append(Result(question, verdicts.ERROR, message=f"not reached: {gone}"))
            continue
        try:
            result = _ask(asked, question, dtype, device, checked)
        except CandidateGone as error:
            gone = str(error)
            result = Result(question, GONE[error.kind], message=gone)
        checked.results.append(result)
    return checked


def _ask(asked: Asked, question: Question, dtype: str, device: str, checked: Checked) -> Result:
    head = {
        "reference": question.ref.name,
        "options": question.case.options,
        "dtype": dtype,
        "device": device,
    }
    reply, arrays = asked.ask(head, question.asked())
    for note in reply.get("damage") or []:
        if plain(str(note)) not in checked.notes:
            checked.notes.append(plain(str(note)))
    if reply.get("status") != "answered":
        trace = [plain(str(line))[:300] for line in reply.get("trace") or []]
        message = plain(str(reply.get("message") or "no answer")) + _hint(asked.found[question.ref.name], reply)
        return Result(question, verdicts.ERROR, message="\n  ".join([message, *trace]))
    came = reply.get("dtype") or "float64"
    coarsest = came if came in BITS and BITS[came] < BITS[dtype] else dtype
    coarse, meant = coarsest != dtype, f'if that is meant, declare "dtype": "{coarsest}" or pass --dtype'
    if coarsest in ("float16", "bfloat16") and coarse:
        return Result(question, verdicts.ERROR, message=f"answers in {coarsest} to {dtype}; {meant}")
    note = f"answers in {coarsest} to {dtype}, and is judged in {coarsest}; {meant}"
    if coarse and note not in checked.notes:
        checked.notes.append(note)
    severed = [str(name) for name in reply.get("severed") or []]
    tolerance = Tolerance(question, coarsest)
    outcomes = compare(tolerance, arrays, severed)
    others = [plain(str(name))[:40] for name in reply.get("others") or []]
    for outcome in outcomes:
        if outcome.verdict == verdicts.MISSING and others:
            outcome.note = f"not returned; {', '.join(others)} was"
    verdict = worst_of([o.verdict for o in outcomes] + [verdicts.COARSE] * coarse)
    return Result(question, verdict, outcomes, tolerance=tolerance, coarse=coarse)


def _hint(declared: dict[str, Any], reply: dict[str, Any]) -> str:
    """What to say of an error that arrays of the wrong framework raise."""
    taken = plain(str(declared.get("taken") or ""))
    foreign = re.search(FOREIGN, str(reply.get("message")), re.IGNORECASE)
    return f'\n  {taken}; if it is written for another, say which with "framework"' if taken and foreign else ""


def selected(select: list[str] | None, found: Iterable[str]) -> list[str]:
    """The references to check, in the order of the catalogue: those named, otherwise those that were found."""
    wanted = set(select) if select else set(found)
    return [name for name in CATALOGUE if name in wanted]
