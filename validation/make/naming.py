"""How many of the known mistakes `refdgm check` calls by their names, when each is put to it as a candidate."""

import random
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any
from unittest.mock import patch

import numpy as np

from refdgm import CATALOGUE
from refdgm.cases import Case, flatten, nest
from refdgm.check import run as engine
from refdgm.check.judging import precision
from refdgm.check.judging.checked import Checked
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.process.reply import Declared, Reply
from refdgm.check.questions.question import Question
from refdgm.check.questions.vectors import shipped
from refdgm.check.verdicts import DIFFERS
from refdgm.evidence import find
from refdgm.evidence.declare import Body, Mistake
from refdgm.reference import Reference

RIGHTLY = ("own name", "an equal one", "a convention")
KINDS = (*RIGHTLY, "another", "a factor", "nothing")
NAME = re.compile(r"the known mistake (\w+/\w+):")


class Wrong:
    """A body as a candidate in this process, that computes in the dtype in which it is asked."""

    def __init__(self, ref: Reference, body: Body) -> None:
        self._ref, self._body = ref, body
        self.found = {ref.name: Declared(tuple(ref.result), ref.wrt)}

    def ask(self, head: dict[str, Any], arrays: dict[str, Any]) -> Reply:
        """As a child process would reply."""
        ref, dtype = self._ref, head["dtype"]
        cast = {name: x.astype(dtype) if x.dtype.kind == "f" else x for name, x in arrays.items()}
        given = nest({name.partition(".")[2]: x for name, x in cast.items() if name.startswith("input.")})
        try:
            made = self._body(*(given[name] for name in ref.arrays), **ref.resolved(head["options"]))
            value, right = made if ref.differentiable else (made, None)
            outputs = value if len(ref.result) > 1 else (value,)
            found = {f"output.{name}": y for name, y in zip(ref.result, outputs, strict=True)}
            if right is not None:
                gradients = flatten(right(*(cast[f"cotangent.{name}"] for name in ref.bars)))
                found |= {f"gradient.{name}": g for name, g in gradients.items() if name.partition(".")[0] in ref.wrt}
        except Exception as error:  # a mistake may be one that cannot even run on some shapes
            return Reply(False, message=f"{type(error).__name__}: {error}")
        numbers = {role: np.asarray(x) for role, x in found.items()}
        wide = {role: x.astype(np.float64) if x.dtype.kind == "f" else x for role, x in numbers.items()}
        return Reply(True, wide, dtype)


@contextmanager
def measured_once() -> Iterator[None]:
    """The tolerances of the reference's own questions, which are the same for all of its mistakes, are kept."""
    kept: dict[Any, Tolerance] = {}

    def tolerance(question: Question, dtype: str) -> Tolerance:
        key = question.case.id, question.dtype, repr(question.terms), question.changed, dtype
        return kept.setdefault(key, Tolerance(question, dtype))

    with patch.object(engine, "once_measured", tolerance), patch.object(precision, "once_measured", tolerance):
        yield


def named(entries: Iterable[Mistake], dtype: str = "float64") -> dict[str, tuple[str, Checked]]:
    """What each is called: the kind of name it gets, of `KINDS`, with all that is said. Those that no case shows in
    this dtype are left out."""
    found = {}
    for name, group in groupby(entries, lambda wrong: wrong.reference):
        ref, cases = CATALOGUE[name], shipped(name).cases
        with measured_once(), np.errstate(all="ignore"):
            for wrong in group:
                asked = Wrong(ref, wrong.body)
                checked = engine.check(asked, ref, cases, dtype, "cpu", lambda *_: None)
                if checked.verdict == DIFFERS or checked.convention or checked.where:
                    found[wrong.name] = _kind(wrong, checked, ref, cases), checked
    return found


def _kind(wrong: Mistake, checked: Checked, ref: Reference, cases: list[Case]) -> str:
    if checked.convention:
        return "a convention"
    called = [name for _, text in checked.equals for name in NAME.findall(text)] + [name for name, _ in checked.alike]
    if called == [wrong.name]:
        return "own name"
    known = {one.name: one for one in find.mistakes(ref.name)}
    if called:
        equal = len(called) == 1 and _equal(ref, wrong.body, known[called[0]].body, cases)
        return "an equal one" if equal else "another"
    return "a factor" if checked.equals else "nothing"


def _equal(ref: Reference, one: Body, other: Body, cases: list[Case]) -> bool:
    """Whether two bodies say the same in all cases, to what rounding may change."""
    for case in cases:
        try:
            ours, theirs = ref.answers(case, one), ref.answers(case, other)
        except Exception:
            continue
        for role, x in ours.items():
            y = np.asarray(theirs[role])
            largest = np.max(np.abs(x), initial=0, where=np.isfinite(x))
            if np.shape(x) != y.shape or not np.allclose(x, y, rtol=1e-6, atol=1e-9 * largest, equal_nan=True):
                return False
    return True


def drawn(entries: list[Mistake], many: int, seed: int = 0) -> list[Mistake]:
    """So many of them at random, in their order."""
    chosen = set(random.Random(seed).sample(range(len(entries)), min(many, len(entries))))
    return [entry for number, entry in enumerate(entries) if number in chosen]


def told(found: dict[str, tuple[str, Checked]], asked: int) -> list[str]:
    """What gets no name of its own, and the counts."""
    kinds = [kind for kind, _ in found.values()]
    right = sum(kind in RIGHTLY for kind in kinds)
    lines = [
        f"{name}: {kind}: " + ("; ".join(f"{', '.join(roles)}: {text}" for roles, text in checked.equals)
                               or "; ".join(checked.notes) or "no word")
        for name, (kind, checked) in found.items() if kind not in RIGHTLY
    ]  # fmt: skip
    counts = ", ".join(f"{kind} {kinds.count(kind)}" for kind in KINDS)
    share = f"{100 * right / len(kinds):.1f} %" if kinds else "—"
    return [*lines, f"{asked} mistakes, {len(kinds)} found, {right} of them rightly named ({share}): {counts}"]
