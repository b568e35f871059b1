"""Answers that stand in a file, whatever wrote it: asked like any candidate, but only what it was asked before, the
shipped cases.

Arrays are called as in the vectors: `001/output.value`, `001/gradient.mean`, of several references each with its name
before, `NAME/001/output.value`. Nothing in the file is believed but its numbers.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.catalogue import CATALOGUE, unknown
from refdgm.check.numbers import Arrays, rounded
from refdgm.check.process.reply import Declared, Reply
from refdgm.check.questions import safetensors_file, vectors
from refdgm.check.questions.cases import shipped
from refdgm.check.questions.safetensors_file import refuse
from refdgm.errors import VectorFileError

KEY = re.compile(rf"(?:({vectors.WORD})/)?(\d{{3}})/(input|cotangent|output|gradient)\."
                 rf"({vectors.WORD}(?:\.{vectors.WORD})?)", re.ASCII)
FORM = "001/output.value, or with the name of the reference before it"
DTYPES = ("float64", "float32")  # of answers, and so of the questions
FEW = 8  # cases that are named
UNKNOWN = "the file has no answer to this question, for it is not that of a shipped case"


class Filed:
    """A file of answers. `found` is what it has answers of; `remarks` what it lacks."""

    others: tuple[str, ...] = ()
    confined: tuple[str, ...] = ()

    def __init__(self, path: Path, wanted: Sequence[str]) -> None:
        """VectorFileError where it is no file of answers; `wanted` names the reference where the file does not."""
        self._answers = _read(path, wanted)
        self._cases = {name: {case.id: case for case in shipped(CATALOGUE[name])} for name in self._answers}
        for name, answers in self._answers.items():
            _belonging(name, answers, self._cases[name])
        self._dtypes = {name: _dtype(answers) for name, answers in self._answers.items()}
        self._ids: dict[Any, list[str]] = {}
        for name, cases in self._cases.items():
            for case in cases.values():
                arrays = {role: rounded(x, self._dtypes[name]) for role, x in _asked(case).items()}
                self._ids.setdefault(_key(name, case.options, arrays), []).append(case.id)
        self.found = {name: Declared(tuple(CATALOGUE[name].result), CATALOGUE[name].wrt, framework="file",
                                     dtype=self._dtypes[name], pair=True)
                      for name in CATALOGUE if name in self._answers}
        self.remarks = [line for name in self.found for line in self._lacking(name)]

    def ask(self, head: dict[str, Any], arrays: Arrays) -> Reply:
        """What stands there; nothing where the question is another one."""
        name = head["reference"]
        ids = self._ids.get(_key(name, head["options"], arrays), [])
        if not ids or head["dtype"] != self._dtypes[name]:
            return Reply(False, message=UNKNOWN)
        known, case = self._answers[name], self._cases[name][ids[0]]
        found = next((known[id] for id in ids if id in known), {})
        ours, others = {}, []
        for role, x in found.items():
            kind, _, rest = role.partition(".")
            known_as = rest in CATALOGUE[name].result if kind == "output" else f"input.{rest}" in case.arrays
            if known_as:
                ours[role] = x.astype(np.float64) if x.dtype == np.float32 else x
            else:
                others.append(role)
        coarse = any(x.dtype == np.float32 for x in found.values())
        return Reply(True, ours, "float32" if coarse else "float64", others=tuple(others[:5]))

    def refuses(self, framework: str, device: str) -> str:
        """A file is on no device."""
        return f"device must be left out for a file of answers, got {device!r}"

    def said(self) -> str:
        """A file prints nothing."""
        return ""

    def printed(self) -> int:
        """A file prints nothing."""
        return 0

    def close(self) -> None:
        """There is nothing to end."""

    def _lacking(self, name: str) -> list[str]:
        """Which cases, and which arrays of those that it has, are not there; and where nothing is but NaN."""
        answers, cases, ref = self._answers[name], self._cases[name], CATALOGUE[name]
        lines, left = [], [id for id in cases if id not in answers]
        if left:
            lines.append(f"{name}: no answer to {len(left)} of {len(cases)} cases, {_listed(left)}")
        every: dict[str, list[str]] = {}
        for id in answers:
            wrt = [n for n in ref.wrt if n not in ref.hyper]
            want = {f"output.{n}" for n in ref.result}
            want |= {f"gradient.{r[6:]}" for r in cases[id].arrays if r.startswith("input.") and r.split(".")[1] in wrt}
            for role in sorted(want - answers[id].keys()):
                every.setdefault(role, []).append(id)
        for role, ids in every.items():
            lines.append(f"{name}: no {role} in {len(ids)} of the {len(answers)} cases answered, {_listed(ids)}")
        nan = [f"{id.rpartition('/')[2]}/{role}" for id in answers for role, x in answers[id].items()
               if x.dtype.kind == "f" and x.size and np.isnan(x).all()]
        if nan:
            lines.append(f"{name}: nothing but NaN in {len(nan)} arrays, {_listed(nan)}; were they never filled?")
        return lines


def _read(path: Path, wanted: Sequence[str]) -> dict[str, dict[str, Arrays]]:
    """By reference and case, by role."""
    if path.suffix != ".safetensors":
        refuse(f"--answers must be a .safetensors file, got {path.name}; any language writes one in "
               "twenty lines (docs/any-language.md)")
    data = vectors.contents(path, vectors.FILE)
    try:
        arrays, _ = safetensors_file.decode(data)
    except VectorFileError as error:
        raise VectorFileError(f"{path.name}: {error}; it is no whole safetensors file, write it anew") from None
    if not arrays:
        refuse(f"{path.name} holds no array; write answers under names such as {FORM}")
    found: dict[str, dict[str, Arrays]] = {}
    for key, x in arrays.items():
        match = KEY.fullmatch(key)
        if match is None:
            refuse(f"{path.name} has an array {key}, which names no answer; answers are called {FORM}")
        name = match[1] or _only(path, wanted)
        if name not in CATALOGUE:
            raise VectorFileError(f"{path.name}: {unknown(name)}")
        case = found.setdefault(name, {}).setdefault(f"{name}/{match[2]}", {})
        role = f"{match[3]}.{match[4]}"
        if role in case:
            refuse(f"{path.name} has {role} of {name}/{match[2]} twice, with and without the reference's name; choose")
        case[role] = x
    return found


def _only(path: Path, wanted: Sequence[str]) -> str:
    """The reference of arrays that do not name theirs."""
    if len(wanted) == 1:
        return wanted[0]
    if (stem := path.name.split(".")[0]) in CATALOGUE and not wanted:
        return stem
    refuse(f"{path.name} does not say of which reference its answers are; name one with --select, or write its name "
           f"before the number of the case")


def _belonging(name: str, answers: Mapping[str, Arrays], cases: Mapping[str, Case]) -> None:
    """Refuse cases that there are not, and answers to other questions than ours."""
    for id, roles in answers.items():
        if id not in cases:
            refuse(f"the file answers {id}, and {name} has {len(cases)} cases, {name}/001 the first; leave it out")
        for role, x in roles.items():
            asked = _asked(cases[id])
            if role.startswith(("input.", "cotangent.")) and not (
                role in asked and any(np.array_equal(x, rounded(asked[role], dtype)) for dtype in DTYPES)
            ):
                refuse(f"the file has another {role} than {id}, so its answers would be to another question; "
                       "leave it out, or answer what `refdgm vectors export` wrote")
    for roles in answers.values():
        for role in [role for role in roles if role.startswith(("input.", "cotangent."))]:
            del roles[role]
    if not any(answers.values()):
        refuse(f"the file has inputs of {name}, and no answer; write output.… and gradient.… beside them")


def _dtype(answers: Mapping[str, Arrays]) -> str:
    """In which the answers of a reference were computed: float32 where all real numbers are stored so."""
    kinds = {x.dtype for roles in answers.values() for x in roles.values() if x.dtype.kind == "f"}
    return "float32" if kinds == {np.dtype(np.float32)} else "float64"


def _asked(case: Case) -> Arrays:
    return {role: x for role, x in case.arrays.items() if role.startswith(("input.", "cotangent."))}


def _key(name: str, options: Mapping[str, Any], arrays: Arrays) -> Any:
    """What makes a question the same."""
    each = ((role, x.shape, np.asarray(x, order="C").tobytes()) for role, x in sorted(arrays.items()))
    return name, tuple(sorted((n, str(x)) for n, x in options.items())), tuple(each)


def _listed(names: Sequence[str]) -> str:
    """Their ends, as far as it is short."""
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(name.split("/", 1)[1] if name.count("/") == 1 and name[:1].isalpha() else name
                     for name in names[:FEW]) + more
