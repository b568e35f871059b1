"""What comes from a candidate's process, cleaned once, where it enters: nothing in it is believed but its numbers.

Whatever a message holds that a worker does not send is left out or refused; texts lose what a terminal would obey.
"""

import re
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from refdgm.check.candidates.fixing import refused
from refdgm.check.candidates.form import CandidateError
from refdgm.check.candidates.sums import sums
from refdgm.check.dtypes import BITS
from refdgm.check.elementary import elementary
from refdgm.check.expecting import Expected, expected
from refdgm.check.numbers import Arrays
from refdgm.errors import ArgumentError
from refdgm.reference import Reference

LONG, LINE, WORD = 4000, 300, 60  # characters of a text, of a line of a trace, of a name


class CandidateGone(Exception):
    """No answer came: `kind` is "raised", "timeout" or "usage", the message says why."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Declared:
    """What a candidate says of itself; see `candidates/entry.py`."""

    outputs: tuple[str, ...]
    gradients: tuple[str, ...]
    reduction: str = "none"
    convention: str = ""
    framework: str = "numpy"
    dtype: str = ""
    taken: str = ""
    called: str = ""
    minded: tuple[str, ...] = ()
    pair: bool = False
    fixed: dict[str, Any] = field(default_factory=dict)
    shape: dict[str, str] = field(default_factory=dict)
    sums: dict[str, dict[str, float]] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    elementary: dict[str, float] = field(default_factory=dict)
    expect: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, ref: Reference, told: Any) -> "Declared":
        """From the first message of a worker; ValueError where it is none."""
        if type(told) is not dict:
            raise ValueError(ref.name)
        try:
            added = sums(ref, told["sums"]) if type(told.get("sums")) is dict else {}
        except CandidateError:
            raise ValueError("sums") from None
        outputs = _names(told.get("outputs"), {*ref.result, *added})
        gradients = _names(told.get("gradients"), ref.wrt)
        minded, pair = _names(told.get("minded", []), ref.wrt), told.get("pair") is True
        words: dict[str, Any] = {
            name: plain(told[name]) for name in cls.__match_args__[2:8] if type(told.get(name)) is str
        }
        if words.get("dtype") and words["dtype"] not in BITS:
            raise ValueError(ref.name)
        lacks, fixed = _names(told.get("lacks", []), ref.options), told.get("fixed", {})
        if type(fixed) is not dict or any(n not in ref.args or refused(ref.args[n], x) for n, x in fixed.items()):
            raise ValueError("fixed")
        shape = told.get("shape", {})
        if type(shape) is not dict or not all(type(x) is str for x in shape.values()):
            raise ValueError("shape")
        more: dict[str, Any] = {"fixed": fixed, "shape": shape, "sums": added, "lacks": lacks, **words}
        if told.get("elementary"):
            more["elementary"] = _elementary(told["elementary"])
        if told.get("expect"):
            more["expect"] = _expected(ref, told["expect"]).plain()
        return cls(outputs, gradients, minded=minded, pair=pair, **more)


@dataclass(frozen=True)
class Reply:
    """The answer to one case, or why there is none (`message`, with the candidate's own lines in `trace`)."""

    answered: bool
    arrays: Arrays = field(default_factory=dict)  # by role: output.…, gradient.…
    dtype: str = "float64"  # the coarsest that came
    severed: tuple[str, ...] = ()  # gradients for which the framework found no path
    others: tuple[str, ...] = ()  # what came under names that are not ours
    message: str = ""
    trace: tuple[str, ...] = ()
    damage: tuple[str, ...] = ()  # what the candidate changed for everyone in its process
    seconds: float | None = None  # that its own calls took

    @classmethod
    def of(cls, head: dict[str, Any], arrays: Arrays, most: float = inf) -> "Reply":
        """From a message of a worker; `most`: the seconds that it took by our clock."""
        dtype, seconds = head.get("dtype"), head.get("seconds")
        return cls(
            head.get("status") == "answered",
            arrays,
            dtype if type(dtype) is str and dtype in BITS else "float64",
            texts(head.get("severed"), WORD),
            texts(head.get("others"), WORD),
            plain(str(head.get("message") or "no answer"))[:LONG],
            texts(head.get("trace")),
            texts(head.get("damage")),
            min(seconds, most) if type(seconds) is float and 0 <= seconds < inf else None,
        )


def plain(text: str) -> str:
    """Text of unknown origin, as it may be shown: no escape sequences, no control characters, no CI commands."""
    text = re.sub(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-_])", "", text)
    text = text.encode("utf-8", "replace").decode()  # lone surrogates
    text = "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and not 127 <= ord(c) < 160))
    text = re.sub("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", "", text)  # direction overrides
    return re.sub(r"(?m)^(\s*)(::|##\[)", r"\1 \2", text)


def texts(x: Any, most: int = LINE) -> tuple[str, ...]:
    """A list of texts, each plain and not too long."""
    return tuple(plain(str(line))[:most] for line in x[:100]) if type(x) is list else ()


def _elementary(told: Any) -> dict[str, float]:
    try:
        return elementary(told)
    except ArgumentError:
        raise ValueError("elementary") from None


def _expected(ref: Reference, told: Any) -> Expected:
    try:
        found = expected(ref, told)
    except ArgumentError:
        raise ValueError("expect") from None
    return replace(found, differs=plain(found.differs))


def _names(told: Any, known: Any) -> tuple[str, ...]:
    if type(told) is not list or any(type(name) is not str or name not in known for name in told):
        raise ValueError("names")
    return tuple(told)
