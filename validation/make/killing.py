"""What kills a mutant of the maths: the certified cases, by `refdgm check`'s own comparison in float64.

A mutant is in place only while it answers; tolerances are measured by the maths as it is.
"""

import ast
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from types import CodeType
from typing import Any

import numpy as np

from refdgm import CATALOGUE
from refdgm.check.judging.compare import compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.question import Question, Terms
from refdgm.check.questions.vectors import shipped
from refdgm.check.verdicts import LOSES, PASSING
from refdgm.reference import Reference
from validation.make.mutation import ROOT, Mutant, Source
from validation.make.planting import places, planted

MATHS = ("numerics", "primitives", "nets", "layers", "energy", "latent", "score", "sde", "diffusion", "ode", "flow",
         "adversarial", "metrics")
SECONDS = 3  # of processor time, for all cases of one reference; right code takes 0.3 at most


@dataclass(frozen=True)
class Killed:
    by: str  # a case, or a test
    how: str  # a verdict, or what was raised


class Late(BaseException):
    """Raised in a mutant that does not end; no `except Exception` in it may catch it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    def late(*_: Any) -> None:
        raise Late

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@cache
def questions(name: str) -> list[Tolerance]:
    """The certified cases, with what may be lost in them. No mutant may write to what it is given."""
    ref = CATALOGUE[name]
    terms = Terms(tuple(ref.result), ref.wrt)
    return [Tolerance(Question(ref, replace(case, arrays=guarded(case.arrays)), terms)) for case in shipped(name).cases]


def guarded(arrays: dict[str, Any]) -> dict[str, Any]:
    """Copies that nobody can write to."""
    copies = {name: x.copy() for name, x in arrays.items()}
    for x in copies.values():
        x.flags.writeable = False
    return copies


def answers(ref: Reference, asked: list[Tolerance]) -> Iterator[tuple[Tolerance, Any, str]]:
    """What comes of each case, to the first that raises."""
    for one in asked:
        try:
            with np.errstate(all="ignore"):
                found = ref.answers(one.question.case)
            yield one, {role: np.asarray(x) for role, x in found.items()}, ""
        except (Exception, Late) as error:
            yield one, {}, "no end" if isinstance(error, Late) else type(error).__name__
            return


@cache
def losing(name: str) -> set[tuple[str, str]]:
    """Where the reference itself loses digits, so that it kills no mutant to lose some."""
    return {(one.question.case.id, outcome.role) for one, got, _ in answers(CATALOGUE[name], questions(name))
            for outcome in compare(one, got, []) if outcome.verdict == LOSES}


def killed_by(source: Source, one: Mutant, names: Iterable[str]) -> Killed | None:
    """The first certified case of these references that shows it."""
    for name in names:
        ref, asked = CATALOGUE[name], questions(name)
        losing(name)
        with planted(source, one), limited(SECONDS):
            found = list(answers(ref, asked))
        for tolerance, got, raised in found:
            case = tolerance.question.case.id
            if raised:
                return Killed(case, raised)
            for outcome in compare(tolerance, got, []):
                lost = outcome.verdict == LOSES and (case, outcome.role) not in losing(name)
                if lost or outcome.verdict not in PASSING:
                    return Killed(case, outcome.verdict)
    return None


@cache
def sources() -> dict[str, Source]:
    """The files of the maths."""
    paths = [path for ring in MATHS for path in sorted((ROOT / "refdgm" / ring).glob("*.py"))]
    return {str(path.relative_to(ROOT)): Source(str(path.relative_to(ROOT))) for path in paths}


@cache
def ran_by() -> dict[CodeType, list[str]]:
    """The references whose bodies and pullbacks call a function in their certified cases."""
    called: dict[CodeType, list[str]] = {}
    for name, ref in CATALOGUE.items():
        seen: set[CodeType] = set()

        def note(frame: Any, event: str, _: Any, seen: set[CodeType] = seen) -> None:
            if event == "call":
                seen.add(frame.f_code)

        sys.setprofile(note)
        try:
            with np.errstate(all="ignore"):
                for one in questions(name):
                    ref.answers(one.question.case)
        finally:
            sys.setprofile(None)
        for code in seen:
            called.setdefault(code, []).append(name)
    return called


def concerned(source: Source, one: Mutant) -> list[str]:
    """The references that run what is changed, those of its own file first."""
    if one.of_a_table:
        codes = [code for code in ran_by() if "refdgm" in code.co_filename and resting(source, one) & {*code.co_names}]
    else:
        known = {code.co_qualname.replace(".<locals>", ""): code for code in places(source.code).values()
                 if "<" not in code.co_name}
        codes = [known[one.function]] if one.function in known else []
    run = {name for code in codes for name in ran_by().get(code, ())}
    found = [name for name in CATALOGUE if name in run]
    return sorted(found, key=lambda name: CATALOGUE[name].body.__code__.co_filename != str(source.file))


def resting(source: Source, one: Mutant) -> set[str]:
    """The table and those made of it, by their names."""
    names = named(one.inside)
    for statement in source.tree.body[source.tree.body.index(one.inside):]:
        if isinstance(statement, ast.Assign):
            said = {each.id for each in ast.walk(statement) if isinstance(each, ast.Name)}
            names |= named(statement) if said & names else set()
    return names


def named(statement: Any) -> set[str]:
    """What an assignment gives a value: one name, or several."""
    target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
    return {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
