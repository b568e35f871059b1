"""Reference vectors: an index in JSON with its arrays in a safetensors file beside it.

`shipped(name)` reads the vectors of a reference, `read(path)` any others, `write` makes them. Whatever is wrong
with a file, the one exception is VectorFileError. Nothing in a file causes an import, a path look-up beyond
the payload's plain file name, or a network access.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.check.questions import safetensors_file
from refdgm.check.questions.safetensors_file import refuse
from refdgm.check.questions.spelling import spelled
from refdgm.errors import VectorFileError

FORMAT = "refdgm-vectors/1"
INDEX = 2**22  # bytes of an index
FILE = safetensors_file.PAYLOAD + safetensors_file.HEADER + 8  # bytes of a payload file
CASES = 999
LONG = 10_000  # characters of a text

WORD = r"[A-Za-z_][A-Za-z0-9_]*"
ROLE = re.compile(rf"(input|output|cotangent|gradient)\.({WORD})(\.{WORD})?", re.ASCII)
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]{1,4})?", re.ASCII)
DTYPES = ("float64", "float32", "int64", "bool")

Arrays = dict[str, np.ndarray[Any, Any]]


@dataclass(frozen=True)
class Vectors:
    """The cases of one reference, texts with marks in words; `index` is the whole index as it stands in the file."""

    reference: str
    version: str
    notes: dict[str, str]
    cases: list[Case]
    index: dict[str, Any]

    def case(self, id: str) -> Case:
        """The case of this id, "gumbel_softmax/001"."""
        return next(case for case in self.cases if case.id == id)


def read(path: str | os.PathLike[str]) -> Vectors:
    """The vectors of an index file; its payload is looked for in the same folder."""
    path = Path(path)
    return parse(contents(path, INDEX), lambda name: contents(path.parent / name, FILE))


def shipped(name: str) -> Vectors:
    """The vectors that come with the package."""
    return parse(shipped_part(f"{name}.json"), shipped_part)


def shipped_part(file: str) -> bytes:
    """The bytes of one of the files that come with the package."""
    if not re.fullmatch(rf"{WORD}\.(json|safetensors)", file, re.ASCII):
        refuse(f"no vectors are shipped in {file[:80]!r}")
    try:
        return (resources.files("refdgm.vectors") / file).read_bytes()
    except OSError as error:
        raise VectorFileError(f"no vectors are shipped in {file}: {error.strerror}") from None


def parse(index: bytes, payload: Callable[[str], bytes]) -> Vectors:
    """The vectors of an index and of the payload file that it names, both as bytes."""
    head = checked_index(safetensors_file.strict_json(index, INDEX))
    data = payload(head["file"])
    digest = hashlib.sha256(data).hexdigest()
    if digest != head["sha256"]:
        refuse(f"{head['file']} has the SHA-256 digest {digest}, the index says {head['sha256']}")
    arrays, metadata = safetensors_file.decode(data)
    if metadata not in ({}, {"format": FORMAT}):
        refuse(f"{head['file']} has metadata of something else")
    cases = [case(head, number, record, arrays) for number, record in enumerate(head["cases"], 1)]
    if arrays:
        refuse(f"{head['file']} has arrays that no case names, {sorted(arrays)[0]} the first")
    return Vectors(head["reference"], head["version"], {k: spelled(x) for k, x in head["notes"].items()}, cases, head)


def contents(path: Path, limit: int) -> bytes:
    """The bytes of a regular file (a pipe would block, a device would not end)."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                refuse(f"{path.name} is not a regular file")
            if status.st_size > limit:
                refuse(f"{path.name} has {status.st_size} bytes, limit {limit}")
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, VectorFileError):
            raise
        raise VectorFileError(f"{path.name} cannot be read: {error}") from None
    if len(data) > limit:
        refuse(f"{path.name} has more than {limit} bytes")
    return data


# --- the index -----------------------------------------------------------------------------------------------


def text(x: Any) -> bool:
    return type(x) is str and len(x) <= LONG


def word(x: Any) -> bool:
    return type(x) is str and len(x) <= 128 and re.fullmatch(WORD, x, re.ASCII) is not None


def whole(x: Any) -> bool:
    return type(x) is int and 0 <= x < 2**63


def matching(pattern: str) -> Callable[[Any], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda x: type(x) is str and len(x) <= 200 and compiled.fullmatch(x) is not None


def many(each: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda x: type(x) is list and all(map(each, x))


def table(key: Callable[[Any], bool], value: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda x: type(x) is dict and all(map(key, x)) and all(map(value, x.values()))


def described(x: Any) -> bool:
    """What the index tells of an argument or an output, for readers: texts, numbers and lists of them."""
    return table(word, lambda v: leaf(v) or many(leaf)(v))(x)


def leaf(x: Any) -> bool:
    return x is None or type(x) is bool or text(x) or whole(x)


def mapped(x: Any) -> bool:
    """One convention: name → how theirs follows from ours."""
    return table(word, lambda v: type(v) is dict and v.keys() == {"slope", "shift", "per"}
                 and decimal(v["slope"]) and decimal(v["shift"]) and (v["per"] in (None, "...") or word(v["per"])))(x)


decimal = matching(DECIMAL.pattern)
HEAD: dict[str, Callable[[Any], bool]] = {
    "format": lambda x: x == FORMAT,
    "version": matching(r"[0-9]+\.[0-9]+\.[0-9]+"),
    "reference": word,
    "source": text,
    "statement": text,
    "arguments": table(word, described),
    "outputs": table(word, described),
    "derivative_of": text,
    "conventions": table(text, mapped),
    "file": matching(r"[A-Za-z0-9_]+\.safetensors"),
    "sha256": matching(r"[0-9a-f]{64}"),
    "notes": table(word, text),
    "cases": lambda x: type(x) is list and len(x) <= CASES,
}
ABOUT = ("sizes", "bits", "digits", "radius")  # of a record, what `Case.about` holds
RECORD: dict[str, Callable[[Any], bool]] = {
    "id": text,
    "comment": text,
    "flags": many(word),
    "sizes": table(lambda k: k == "..." or word(k), lambda v: whole(v) or many(whole)(v)),
    "options": table(word, lambda v: word(v) or whole(v)),
    "regime": word,
    "seed": whole,
    "kills": many(matching(rf"{WORD}/{WORD}")),
    "bits": whole,
    "digits": whole,
    "radius": decimal,
    "arrays": table(lambda k: type(k) is str and len(k) <= 120 and ROLE.fullmatch(k) is not None,
                    lambda v: type(v) is list and len(v) == 2 and v[0] in DTYPES and many(whole)(v[1])),
}


def conforming(x: Any, rules: Mapping[str, Callable[[Any], bool]], what: str) -> None:
    if type(x) is not dict:
        refuse(f"{what} is not an object")
    if x.keys() != rules.keys():
        refuse(f"{what} has the wrong keys: {', '.join(sorted(x.keys() ^ rules.keys()))[:200]}")
    for name, rule in rules.items():
        if not rule(x[name]):
            refuse(f"{what} has a {name} that it may not have: {str(x[name])[:80]!r}")


def checked_index(head: Any) -> dict[str, Any]:
    conforming(head, HEAD, "the index")
    if head["file"] != f"{head['reference']}.safetensors":
        refuse(f"the index of {head['reference']} names the file {head['file']}")
    for number, record in enumerate(head["cases"], 1):
        conforming(record, RECORD, f"case {number}")
        if record["id"] != f"{head['reference']}/{number:03d}":
            refuse(f"case {number} has the id {record['id']!r}")
        for flag in set(record["flags"]) - head["notes"].keys():
            refuse(f"case {number} has the flag {flag}, which the notes do not explain")
        named(head, record)
    return dict(head)


def named(head: dict[str, Any], record: dict[str, Any]) -> None:
    """Every array belongs to a declared name, and a cotangent or a gradient has the shape of what it belongs to."""
    arrays = record["arrays"]
    for name, (_, shape) in arrays.items():
        role, rest = name.split(".", 1)
        if rest.split(".")[0] not in head["arguments" if role in ("input", "gradient") else "outputs"]:
            refuse(f"{record['id']} has {name}, which is not declared")
        if role in ("cotangent", "gradient"):
            like = f"{'output' if role == 'cotangent' else 'input'}.{rest}"
            if arrays.get(like, (None, None))[1] != shape:
                refuse(f"{record['id']} has {name} of another shape than {like}")
    if not any(name.startswith("output.") for name in arrays):
        refuse(f"{record['id']} has no output")


def case(head: dict[str, Any], number: int, record: dict[str, Any], arrays: Arrays) -> Case:
    """One case; its arrays are taken out of `arrays`."""
    own: Arrays = {}
    for name, (dtype, shape) in record["arrays"].items():
        found = arrays.pop(f"{number:03d}/{name}", None)
        if found is None or found.dtype.name != dtype or list(found.shape) != shape:
            refuse(f"{record['id']} announces {name} as {dtype} {shape}, its file has "
                   f"{'none' if found is None else f'{found.dtype.name} {list(found.shape)}'}")
        if found.dtype.kind == "f" and np.isnan(found).any():
            refuse(f"{record['id']} has a NaN in {name}")
        own[name] = found
    return Case(
        reference=head["reference"], id=record["id"], options=dict(record["options"]), arrays=own,
        regime=record["regime"], seed=record["seed"], flags=tuple(record["flags"]), comment=spelled(record["comment"]),
        kills=tuple(record["kills"]), about={name: record[name] for name in ABOUT},
        why={flag: spelled(head["notes"][flag]) for flag in record["flags"] if flag in head["notes"]},
    )


# --- writing -------------------------------------------------------------------------------------------------


def encode(head: Mapping[str, Any], cases: Sequence[Case]) -> tuple[bytes, bytes]:
    """(index, payload): `head` is the index without file, sha256 and cases; the cases are numbered anew."""
    arrays: Arrays = {}
    listed = []
    for number, one in enumerate(cases, 1):
        arrays |= {f"{number:03d}/{name}": np.asarray(x) for name, x in one.arrays.items()}
        listed.append({
            "id": f"{head['reference']}/{number:03d}", "comment": one.comment, "flags": list(one.flags),
            "options": dict(one.options), "regime": one.regime, "seed": one.seed, "kills": sorted(one.kills),
            **{name: one.about[name] for name in ABOUT},
            "arrays": {name: [str(x.dtype), list(x.shape)] for name, x in one.arrays.items()},  # as declared
        })
    payload = safetensors_file.encode(arrays, {"format": FORMAT})
    full = {
        "format": FORMAT, **head, "file": f"{head['reference']}.safetensors",
        "sha256": hashlib.sha256(payload).hexdigest(), "cases": listed,
    }
    index = laid_out({key: full[key] for key in HEAD}).encode()
    parse(index, lambda _: payload)  # what is written can be read
    return index, payload


def laid_out(head: Mapping[str, Any]) -> str:
    """JSON with one line for each entry and one for each field of a case: short to read, short to compare."""
    line = partial(json.dumps, ensure_ascii=False)
    lines = []
    for key, x in head.items():
        if key == "cases":
            each = (",\n".join(f"   {line(k)}: {line(v)}" for k, v in record.items()) for record in x)
            x = "[" + ",".join(f"\n  {{\n{fields}\n  }}" for fields in each) + "\n ]"
        elif type(x) is dict and x:
            x = "{" + ",".join(f"\n  {line(k)}: {line(v)}" for k, v in x.items()) + "\n }"
        else:
            x = line(x)
        lines.append(f" {line(key)}: {x}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write(folder: str | os.PathLike[str], head: Mapping[str, Any], cases: Sequence[Case]) -> None:
    """Write `<reference>.json` and `<reference>.safetensors`; the same cases give the same bytes."""
    save(folder, head["reference"], *encode(head, cases))


def save(folder: str | os.PathLike[str], reference: str, index: bytes, payload: bytes) -> None:
    """Both files; each appears whole or not at all."""
    for name, data in ((f"{reference}.safetensors", payload), (f"{reference}.json", index)):
        draft = Path(folder) / f"{name}.draft"
        draft.write_bytes(data)
        draft.replace(Path(folder) / name)
