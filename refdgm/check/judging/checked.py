"""What came of a case, and of a function: its outcomes role by role, and one verdict on them all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from refdgm.check import verdicts
from refdgm.check.expecting import Expected
from refdgm.check.judging.compare import Outcome
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.cases import TILES
from refdgm.check.questions.question import Question
from refdgm.reference import Reference


@dataclass
class Result:
    """What came of one case."""

    question: Question
    verdict: str
    outcomes: list[Outcome] = field(default_factory=list)
    message: str = ""
    tolerance: Tolerance | None = None  # kept, for it was costly to measure
    coarse: bool = False  # answered in a lower dtype than asked in
    seconds: float | None = None  # that the candidate took, by its own clock and no more than by ours

    @property
    def long(self) -> bool:
        """Whether it is of the cases with a long axis, which come by default beside the certified ones."""
        return TILES in self.question.case.flags


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
    alike: list[tuple[str, str]] = field(
        default_factory=list
    )  # known mistakes that give the numbers of that convention in all cases, and what each is
    shared: str = ""  # what the cases that differ have in common: "only where …"
    notes: list[str] = field(default_factory=list)
    not_asked: list[tuple[str, str]] = field(default_factory=list)  # cases without meaning in this dtype, and why
    called: str = ""  # how, where its names are not ours
    where: list[dict[str, Any]] = field(default_factory=list)  # the options by which alone it agrees
    expected: Expected | None = None  # the difference that is meant
    unexpected: str = ""  # why it is not that one
    suggested: dict[str, Any] = field(default_factory=dict)  # the entry by which what differs would be accepted
    file: str = ""  # whose it is, where there are several
    among: bool = False  # whether it is asked in several dtypes
    suspects: list[Any] = field(default_factory=list)  # the known mistakes, with what has been measured of each

    def __getstate__(self) -> dict[str, Any]:
        """For another process: without the mistakes, which have told what they had to."""
        return vars(self) | {"suspects": []}

    @property
    def title(self) -> str:
        """The name of the reference, with what tells it from others of this name."""
        return (f"{self.file}: " if self.file else "") + self.ref.name + (f" {self.dtype}" if self.among else "")

    @property
    def spared(self) -> dict[str, int]:
        """The gradients of hyper-parameters that differ and were not asked for, each with the number of its cases."""
        found = {role: sum(o.spared for _, o in pairs) for role, pairs in self.by_role().items()}
        return {role: many for role, many in found.items() if many}

    def noted(self, *notes: str) -> None:
        """Each once."""
        self.notes = list(dict.fromkeys([*self.notes, *notes]))

    @property
    def answered(self) -> int:
        """The cases that came back with an answer to compare."""
        nothing = (verdicts.MISSING, verdicts.NONE)
        return sum(any(o.verdict not in nothing for o in result.outcomes) for result in self.results)

    @property
    def coarse(self) -> bool:
        """Whether it answered in a lower dtype than it was asked in."""
        return any(result.coarse for result in self.results)

    @property
    def certified(self) -> bool:
        """Whether every case that we ship was one; those with a long axis never are."""
        return not self.coarse and all(r.question.certified for r in self.results if not r.long)

    def joined(self, other: "Checked") -> None:
        """With the cases of another round."""
        self.results += other.results
        self.asked += other.asked
        self.not_asked += other.not_asked
        self.noted(*other.notes)

    @property
    def value_alone(self) -> bool:
        """Whether nothing was compared of the gradients that there are."""
        return bool(self.ref.wrt) and not any(result.question.terms.gradients for result in self.results)

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
        if self.expected and not self.unexpected:
            return verdicts.EXPECTED
        found = self._found
        return verdicts.STALE if self.expected and found in verdicts.PASSING else found

    @property
    def _found(self) -> str:
        """Whatever was expected."""
        if self.where:
            return verdicts.PART
        if self.not_asked and not self.results:
            return verdicts.ILL
        worst = worst_of(r.verdict for r in self.results) if self.results else verdicts.MISSING
        if worst not in verdicts.PASSING:
            return worst
        if self.answered != self.asked or self.asked == 0:
            return verdicts.ERROR
        if all(o.verdict in (verdicts.ILL, verdicts.NONE) for pairs in self.by_role().values() for _, o in pairs):
            return verdicts.ILL
        if self.coarse:
            return verdicts.COARSE
        lost = any(o.verdict == verdicts.LOSES for r in self.results for o in r.outcomes)
        return verdicts.LOSES if lost else verdicts.AGREES


def verdict_of(outcomes: Iterable[Outcome], coarse: bool = False) -> str:
    """Of one case: the worst of what was asked about."""
    minded = [o.verdict for o in outcomes if not o.spared and o.verdict != verdicts.NONE]
    return worst_of([*minded, *[verdicts.COARSE] * coarse]) if minded else verdicts.AGREES


def worst_of(found: Iterable[str]) -> str:
    """The worst verdict: a difference, then what was not answered, then what passes."""
    return max(found, key=verdicts.SEVERITY.index)
