"""`refdgm check [MODULE]`: plan what is asked, run it, tell what came of it."""

import argparse
import secrets
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from refdgm.cases import Case
from refdgm.catalogue import CATALOGUE, unknown
from refdgm.check import run as engine
from refdgm.check.candidates.entry import EMBEDDED
from refdgm.check.dtypes import BITS
from refdgm.check.expecting import Expected
from refdgm.check.filed import Filed
from refdgm.check.judging.checked import Checked
from refdgm.check.process.reply import CandidateGone, Declared, plain
from refdgm.check.process.session import Restarting
from refdgm.check.questions import cases as questions
from refdgm.check.questions.given import Given
from refdgm.check.report import exits, files, progress
from refdgm.cli import dry, first, folder, meant, offered
from refdgm.cli import given as vectors
from refdgm.cli.near import mapped, near
from refdgm.cli.own_time import Overdue, limited
from refdgm.cli.refused import Refused
from refdgm.cli.telling import tell
from refdgm.errors import RefdgmError, VectorFileError
from refdgm.reference import Reference

EXAMPLE = "refdgm.check.candidates.example"
LONGEST, LARGEST = 1e6, 2.0**20  # seconds and GiB that a limit may be
SEEDS = 2**64


def carry_out(args: argparse.Namespace) -> int:
    """The exit code; see `exits.py`."""
    if args.module is not None and Path(args.module).is_dir():
        return tell(*folder.found(args, plan, run, Findings))
    planned = plan(args)
    if args.dry:
        return dry.tell(planned)
    if planned.module == EXAMPLE:
        return first.tell(run(planned).checked)
    return tell(planned, run(planned))


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

    def joined(self, other: "Findings", file: str) -> None:
        """With those of another file."""
        self.checked += other.checked
        self.frameworks |= other.frameworks
        self.remarks += [(f"{file}: {text}", style) for text, style in other.remarks if "not checked" not in text]
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
    if not (0 < args.timeout <= LONGEST and 0 < args.memory <= LARGEST):
        raise Refused(f"--timeout and --memory must be positive and at most {LONGEST:g} s and {LARGEST:g} GiB, "
                      f"got {args.timeout:g} s and {args.memory:g} GiB")
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
            "output", "format", "summary")
    words = {name: getattr(args, name) for name in kept}
    module = offer.name or (EXAMPLE if _bare(args) else EMBEDDED)
    expected = meant.read(Path("."), module) if offer.name else {}
    return Plan(module=module, wanted=wanted, sizes=sizes, seed=seed, given=given, load=offer.load, meant=expected,
                dtype=dtypes[0] if dtypes else None, dtypes=dtypes, **words)


def _dtypes(text: str | None) -> tuple[str, ...]:
    """Those of --dtype, each once."""
    found = tuple(dict.fromkeys(part.strip() for part in (text or "").split(",") if part.strip()))
    for name in found:
        if name not in BITS:
            raise Refused(f"--dtype must be of {', '.join(BITS)}, several separated by commas, got {plain(name)}")
    if text is not None and not found:
        raise Refused(f"--dtype names no dtype; there are {', '.join(BITS)}")
    return found


def _bare(args: argparse.Namespace) -> bool:
    """Whether nothing was said of what is to be asked, or how it is to be told."""
    said = ("definitions", "select", "vectors", "shape", "dtype", "accumulate", "strict", "json", "report", "table",
            "output", "summary")
    return args.seed is None and not any(getattr(args, name) for name in said)


def run(plan: Plan) -> Findings:
    """Put every case to the candidate, in a process of its own."""
    try:
        asked = offered.opened(plan.load or plan.module, plan.timeout, plan.memory, plan.untrusted)
    except CandidateGone as gone:
        before = "" if gone.kind == "usage" else "the candidate could not be loaded: "
        raise Refused(f"{before}{gone}", exits.USAGE if gone.kind == "usage" else _code(gone)) from None
    except KeyboardInterrupt:
        raise Refused("interrupted while the candidate was loaded; nothing was checked", exits.INTERRUPTED) from None
    try:
        names = engine.selected(plan.wanted or list(plan.given) or None, asked.found)
        if not asked.found and not plan.wanted:
            raise Refused(f"{plain(plan.module)} has no function with the name of a reference{near(asked.others)}; "
                          f"`refdgm list` has the names, {mapped(asked.others)}")
        try:
            questions.used(plan.sizes or {}, [CATALOGUE[name] for name in names])
        except RefdgmError as error:
            raise Refused(str(error)) from None
        meant.believed(plan.meant, asked.found)
        told = [(_untrusted(plan, asked.confined), "dim")] if plan.untrusted else offered.remarks(asked)
        _place(plan, asked, {name: asked.found[name] for name in names if name in asked.found})
        findings = _checked(plan, asked, names)
        findings.remarks += told
        return findings
    finally:
        asked.close()


def _untrusted(plan: Plan, confined: list[str]) -> str:
    without = "" if confined else "; here nothing could be taken from its process"
    held = f"; out of its reach: {', '.join(confined)}" if confined else without
    return f"not trusted: asked twice, in fresh cases too (--seed {plan.seed} has them again){held}"


def _place(plan: Plan, asked: Restarting, found: Mapping[str, Declared]) -> None:
    """Refuse a --device that is none for every function that is to be checked."""
    kinds = {declared.framework: name for name, declared in reversed(list(found.items()))}
    for framework, name in kinds.items() if plan.device != "cpu" else ():
        try:
            why = asked.refuses(framework, plan.device)
        except CandidateGone as gone:
            raise Refused(f"--device {plain(plan.device)}: {gone}", _code(gone)) from None
        if why:
            raise Refused(f"{name}: --{why}")


def _code(gone: CandidateGone) -> int:
    return exits.TIMEOUT if gone.kind == "timeout" else exits.RAISED


def _checked(plan: Plan, asked: Restarting, names: list[str]) -> Findings:
    findings = Findings(remarks=vectors.remarks({name: plan.given[name] for name in names if name in plan.given},
                                                plan.timeout))
    with progress.shown(len(names)) as step:
        try:
            for name in names:
                _check(plan, asked, name, findings, step)
        except KeyboardInterrupt:
            findings.interrupted = True
            findings.remarks.append((f"interrupted: {len(names) - len(findings.checked)} of {len(names)} functions "
                                     "were not finished", "red"))
    said = asked.said().strip()
    if plan.output and said:
        findings.remarks += [("The candidate printed:", ""), *((f"  | {line}", "dim") for line in said.splitlines())]
    elif said:
        many = asked.printed()
        told = f"The candidate printed {many} {'line' if many == 1 else 'lines'}; --output shows."
        findings.remarks.append((told, "dim"))
    left = [name for name in CATALOGUE if name not in asked.found and not plan.wanted and not plan.given]
    if left:
        told = f"{len(left)} others not checked, for the candidate has no such function{near(asked.others)}"
        findings.remarks.append((told, "dim"))
    return findings


def _check(plan: Plan, asked: Restarting, name: str, findings: Findings, step: engine.Step) -> None:
    ref = CATALOGUE[name]
    try:
        cases = _cases(plan, ref)
    except Overdue:
        late = vectors.late(f"{name}: to draw its cases", plan.timeout)
        raise Refused(late) from None
    except VectorFileError as error:
        findings.damaged = True
        findings.remarks.append((f"{name}: {plain(str(error))}", "red"))
        return
    if name not in asked.found:
        findings.checked.append(Checked(ref, asked=len(cases)))
        return
    mine, chosen = name in plan.given and not plan.given[name].certified, plan.chosen
    twice = plan.seed if plan.untrusted else None
    seconds = plan.timeout * len(cases)
    try:
        for dtype in plan.dtypes or (plan.dtype,):
            with limited(seconds) if mine or chosen else nullcontext():
                one = engine.check(asked, ref, cases, dtype, plan.device, step, plan.strict, twice,
                                   plan.accumulate or "", _longer(plan), (plan.meant or {}).get(name))
            one.among = len(plan.dtypes or ()) > 1
            findings.checked.append(one)
    except Overdue:  # perhaps in the middle of an answer: nothing more is asked
        late = vectors.late(f"{name}: to judge {len(cases)} cases of {'yours' if mine else 'these sizes'}", seconds)
        raise Refused(late, exits.VECTORS if mine else exits.USAGE) from None
    findings.frameworks.add(asked.found[name].framework)


def _cases(plan: Plan, ref: Reference) -> list[Case]:
    """Those of a file, fresh ones, or those that are shipped; of who is not trusted, fresh ones beside the shipped."""
    if ref.name in plan.given:
        return plan.given[ref.name].cases
    if plan.sizes is None and plan.seed is None:
        return questions.shipped(ref)
    with limited(plan.timeout):
        drawn = questions.fresh(ref, plan.sizes, plan.seed)
    return drawn + ([] if plan.chosen else questions.shipped(ref))


def _longer(plan: Plan) -> int | None:
    """The seed of cases with one long axis, which come by default: not where cases were given or chosen, nor for a
    file of answers, nor for the embedded definitions and the example, which are ours."""
    if plan.given or plan.chosen or plan.module in (EMBEDDED, EXAMPLE) or isinstance(plan.load, Filed):
        return None
    return plan.seed or 0
