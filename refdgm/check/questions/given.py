"""Cases of a file that somebody gives. Nothing in it is believed.

Every case must be one of the declaration: all of its arrays and nothing else, in their shapes and their support, with
options in bounds, small enough to be answered. What the file says of its answers is kept apart, to be compared with
ours; what is asked goes without them, so that ours judge. Only the very bytes that are shipped are certified.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from refdgm.boundary import structure
from refdgm.cases import Case
from refdgm.catalogue import CATALOGUE
from refdgm.check.numbers import Arrays
from refdgm.check.questions import vectors
from refdgm.check.questions.safetensors_file import refuse
from refdgm.declaration.domain import Array
from refdgm.errors import RefdgmError, VectorFileError
from refdgm.reference import Reference

COUNT = 10_000  # that an option such as the number of steps may be; a schedule that is shipped has 4000
WORK = 2**26  # bytes of a case, times its steps, that an answer may take


@dataclass(frozen=True)
class Given:
    """The cases of a file as they are asked, and, where the file is none that is shipped, what it says is right."""

    reference: str
    cases: list[Case]
    answers: list[Arrays]
    certified: bool


def given(path: str | os.PathLike[str]) -> Given:
    """What the index at `path` and its payload hold; VectorFileError where that is no whole case of a reference."""
    path = Path(path)
    index = vectors.contents(path, vectors.INDEX)
    if b'"$schema"' in index[:200]:
        refuse(f"{path.name} is the schema of index files and no index; name one, such as gaussian_kl.json")
    found = vectors.parse(index, lambda name: vectors.contents(path.parent / name, vectors.FILE))
    if found.reference not in CATALOGUE:
        refuse(f"there is no reference {found.reference!r}; `refdgm list` has them all")
    if index == vectors.shipped_part(f"{found.reference}.json"):  # which names the digest of the payload
        return Given(found.reference, found.cases, [], True)
    ref = CATALOGUE[found.reference]
    for what, names in (("arguments", ref.args), ("outputs", ref.result)):
        if found.index[what].keys() != names.keys():
            refuse(f"the index has other {what} than {ref.name}, which has {', '.join(names)}")
    if not found.cases:
        refuse(f"{path.name} has no case; leave --vectors out for those that are shipped")
    asked = [declared(ref, case) for case in found.cases]
    return Given(ref.name, [case for case, _ in asked], [answers for _, answers in asked], False)


def declared(ref: Reference, case: Case) -> tuple[Case, Arrays]:
    """The question alone, in float64, with its arrays in the order of the declaration; and the answers of the file."""
    if case.options.keys() != set(ref.options):
        refuse(f"{case.id} needs the options {', '.join(ref.options) or 'none'}, "
               f"got {', '.join(case.options) or 'none'}")
    for name in ref.options:
        if ref.args[name].least is not None and type(n := case.options[name]) is int and n > COUNT:
            refuse(f"{case.id} has {name} = {n}, limit {COUNT}; ask for fewer")
    names = _inputs(ref, case)
    outputs, gradients = [f"output.{n}" for n in ref.result], [f"gradient.{n}" for n in _of(names, ref.wrt)]
    bars = [f"cotangent.{n}" for n in ref.bars]
    want = [*(f"input.{n}" for n in names), *bars, *outputs, *(gradients if ref.differentiable else [])]
    for role in [*want, *case.arrays]:
        if role not in case.arrays or role not in want:
            how = "lacks" if role in want else "has no use for"
            refuse(f"{case.id} {how} {role}; {ref.name} has {', '.join(want)}")
        if not case.arrays[role].size:
            refuse(f"{case.id} has no element in {role}, and would show nothing; give at least one")
    arrays = {role: _wide(case.arrays[role]) for role in want}
    sizes = _valid(ref, case, arrays)
    for name, domain in ref.result.items():
        _number(case, f"output.{name}", domain)
        _fits(case, f"output.{name}", domain, sizes)
    for name in ref.bars:
        _number(case, f"cotangent.{name}", ref.result[name])
        if not np.isfinite(arrays[f"cotangent.{name}"]).all():
            refuse(f"{case.id} has an infinity in cotangent.{name}; give finite numbers")
    for role in gradients if ref.differentiable else ():
        _number(case, role, None)
    if bars and not any(arrays[role].any() for role in bars):
        refuse(f"{case.id} has cotangents of nothing but zeros, which no gradient can be told from; give others")
    _small(ref, case, arrays, sizes)
    options = {name: case.options[name] for name in ref.options}
    question = {role: arrays[role] for role in want if not role.startswith(("output.", "gradient."))}
    answers = {role: case.arrays[role] for role in want if role not in question}
    return Case(ref.name, case.id, options, question, about={"yours": True}), answers


def _inputs(ref: Reference, case: Case) -> list[str]:
    """The flat names of the inputs: of an array its own, of parameters those of their entries in the file."""
    found = []
    for name in ref.arrays:
        head = f"input.{name}."
        entries = [role.removeprefix("input.") for role in case.arrays if role.startswith(head)]
        if isinstance(ref.args[name], Array) or not entries:
            entries = [name]
        found += entries
    return found


def _of(names: list[str], chosen: tuple[str, ...]) -> list[str]:
    """Those of the flat names that belong to an argument among `chosen`, in its order."""
    return [name for one in chosen for name in names if name.partition(".")[0] == one]


def _wide(x: Any) -> Any:
    return x.astype(np.float64) if x.dtype == np.float32 else x


def _valid(ref: Reference, case: Case, arrays: Arrays) -> Mapping[str, Any]:
    """The sizes of the symbols and the options that count, where the reference takes these arguments."""
    named = Case(ref.name, case.id, case.options, arrays).arguments()
    try:
        ref.validate(**named, **case.options)
        return structure.accept(ref, named, ref.resolved(case.options)).sizes
    except RefdgmError as error:
        raise VectorFileError(f"{case.id} asks what {ref.name} refuses: {error}") from None


def _number(case: Case, role: str, domain: Array | None) -> None:
    """Refuse integers where there are real numbers, and the other way round."""
    dtype, whole = case.arrays[role].dtype, domain is not None and domain.support.integer
    if dtype.kind != ("i" if whole else "f"):
        refuse(f"{case.id} has {role} in {dtype}; it must be {'int64' if whole else 'float64 or float32'}")


def _fits(case: Case, role: str, domain: Array, sizes: Mapping[str, Any]) -> None:
    try:
        structure.fit(role, domain.shape, case.arrays[role].shape, dict(sizes))
    except RefdgmError as error:
        raise VectorFileError(f"{case.id}: {error}") from None


def _small(ref: Reference, case: Case, arrays: Arrays, sizes: Mapping[str, Any]) -> None:
    """Refuse a case whose answer would take too much, before anything is computed."""
    axes = {symbol for domain in ref.result.values() for symbol in domain.shape}
    steps = prod(n for name, n in case.options.items() if ref.args[name].least is not None and name not in axes)
    held = sum(x.nbytes for x in arrays.values()) + 8 * prod(sizes[symbol] for symbol in ref.work)
    if held * steps > WORK:
        refuse(f"{case.id} would take {held * steps} bytes to answer, limit {WORK}; choose smaller sizes, fewer steps")
