"""What a check is to ask, of whom, and how it is told: from the words of the command."""

import argparse
import secrets
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from refdgm.catalogue import CATALOGUE, unknown
from refdgm.check.candidates.entry import EMBEDDED
from refdgm.check.dtypes import BITS
from refdgm.check.elementary import parsed
from refdgm.check.expecting import Expected
from refdgm.check.judging.checked import Checked
from refdgm.check.process.reply import plain
from refdgm.check.questions import cases as questions
from refdgm.check.questions.given import Given
from refdgm.check.report import exits, files
from refdgm.cli import given as vectors
from refdgm.cli import meant, offered
from refdgm.cli.refused import Refused
from refdgm.errors import ArgumentError, RefdgmError, VectorFileError

EXAMPLE = "refdgm.check.candidates.example"
LONGEST, LARGEST = 1e6, 2.0**20  # seconds and GiB that a limit may be
SEEDS = 2**64
JOBS = 256


@dataclass(frozen=True)
class Plan:
    """What is asked of whom, and how it is told; its meaning has been checked."""

    module: str
    wanted: list[str]
    dtype: str | None
    accumulate: str | None
    sizes: dict[str, Any] | None
    seed: int | None
    given: dict[str, Given]
    device: str
    strict: bool
    timeout: float
    memory: float
    json: bool
    report: list[str]
    output: bool
    table: bool
    untrusted: bool = False
    load: Any = None  # what answers, where that is no module; see `offered.py`
    dtypes: tuple[str, ...] = ()  # where there are several
    summary: str = ""
    format: str = "text"
    jobs: int = 1  # processes that judge
    elementary: dict[str, float] = field(default_factory=dict)  # ulps that its platform's functions err by
    meant: dict[str, Expected] = field(default_factory=dict)  # differences that refdgm.toml expects of it

    @property
    def chosen(self) -> bool:
        """Whether the cases are those of the command alone: its sizes, its seed."""
        return self.sizes is not None or (self.seed is not None and not self.untrusted)


@dataclass
class Findings:
    """What came of it."""

    checked: list[Checked] = field(default_factory=list)
    frameworks: set[str] = field(default_factory=set)
    remarks: list[tuple[str, str]] = field(default_factory=list)  # text and style
    unloaded: list[tuple[str, str, int]] = field(default_factory=list)  # files, why, and with what exit code
    damaged: bool = False  # a vector file that is shipped could not be read
    interrupted: bool = False

    def joined(self, other: "Findings", file: str = "") -> None:
        """With those of another file, or of this one."""
        self.checked += other.checked
        self.frameworks |= other.frameworks
        self.remarks += [(f"{file}: {text}" if file else text, style) for text, style in other.remarks
                         if "not checked" not in text]
        self.damaged |= other.damaged
        self.interrupted |= other.interrupted


def plan(args: argparse.Namespace) -> Plan:
    """From the words of the command; `Refused` where they have no meaning."""
    missing = [name for name in ("autograd",) if find_spec(name) is None]
    if missing:
        raise Refused(f"`refdgm check` needs {', '.join(missing)}: pip install 'refdgm[check]'")
    wanted = [name.strip() for name in ",".join(args.select or []).split(",") if name.strip()]
    if args.select is not None and not wanted:
        raise Refused("--select names no reference; `refdgm list` has them all")
    for name in wanted:
        if name not in CATALOGUE:
            raise Refused(unknown(name))
    offer = offered.offer(args, wanted)
    limits(args.timeout, args.memory)
    if not 1 <= args.jobs <= JOBS:
        raise Refused(f"--jobs must be a whole number from 1 to {JOBS}, got {args.jobs}")
    if not 0 <= (args.seed or 0) < SEEDS:
        raise Refused(f"--seed must be a whole number from 0 to 2^64 − 1, got {args.seed}")
    if args.vectors and (args.shape is not None or args.seed is not None):
        raise Refused("--vectors gives cases, --shape and --seed draw others: choose")
    if args.untrusted and (args.vectors or not offer.name):
        other = "--vectors gives others: choose" if args.vectors else "the embedded definitions are ours; name a module"
        raise Refused(f"--untrusted draws cases for a module that is not trusted, and {other}")
    seed = secrets.randbits(48) if args.untrusted and args.seed is None else args.seed
    for word, path in [("--report", path) for path in args.report] + [("--summary", args.summary)] * bool(args.summary):
        if why := files.refused(path, files.TABLES if word == "--summary" else files.STARTS):
            raise Refused(f"{word} {plain(why)}")
    if args.json and args.format == "github":
        raise Refused("--json prints JSON and nothing else, and --format github lines beside the table: choose")
    dtypes = _dtypes(args.dtype)
    try:
        sizes = None if args.shape is None else questions.sizes(",".join(args.shape))
        given = vectors.read(args.vectors, args.timeout)
    except VectorFileError as error:
        raise Refused(plain(str(error)), exits.VECTORS) from None
    except RefdgmError as error:
        raise Refused(plain(str(error))) from None
    without = [name for name in wanted if given and name not in given]
    if without:
        raise Refused(f"--select names {', '.join(without)}, of which --vectors has no case; check them by themselves")
    kept = ("accumulate", "device", "untrusted", "strict", "timeout", "memory", "json", "report", "table",
            "output", "format", "summary", "jobs")
    words = {name: getattr(args, name) for name in kept}
    module = offer.name or (EXAMPLE if _bare(args) else EMBEDDED)
    expected = meant.read(Path("."), module) if offer.name else {}
    return Plan(module=module, wanted=wanted, sizes=sizes, seed=seed, given=given, load=offer.load, meant=expected,
                dtype=dtypes[0] if dtypes else None, dtypes=dtypes, elementary=_elementary(args.elementary), **words)


def limits(timeout: float, memory: float, words: str = "--timeout and --memory") -> None:
    """Refuse what is no limit; `words` call the two."""
    if not (0 < timeout <= LONGEST and 0 < memory <= LARGEST):
        raise Refused(f"{words} must be positive and at most {LONGEST:g} s and {LARGEST:g} GiB, "
                      f"got {timeout:g} s and {memory:g} GiB")


def _dtypes(text: str | None) -> tuple[str, ...]:
    """Those of --dtype, each once."""
    found = tuple(dict.fromkeys(part.strip() for part in (text or "").split(",") if part.strip()))
    for name in found:
        if name not in BITS:
            raise Refused(f"--dtype must be of {', '.join(BITS)}, several separated by commas, got {plain(name)}")
    if text is not None and not found:
        raise Refused(f"--dtype names no dtype; there are {', '.join(BITS)}")
    return found


def _elementary(text: str | None) -> dict[str, float]:
    try:
        return {} if text is None else parsed(text)
    except ArgumentError as error:
        raise Refused(plain(str(error))) from None


def _bare(args: argparse.Namespace) -> bool:
    """Whether nothing was said of what is to be asked, or how it is to be told."""
    said = ("definitions", "select", "vectors", "shape", "dtype", "accumulate", "elementary", "strict", "json",
            "report", "table", "output", "summary")
    return args.seed is None and not any(getattr(args, name) for name in said)
