"""`refdgm check`: start the candidate's process, ask for every case, report, and choose the exit code."""

import argparse
import difflib
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from refdgm.cases import Case
from refdgm.catalogue import CATALOGUE
from refdgm.check import run as engine
from refdgm.check.process.session import CandidateGone, Session, plain
from refdgm.check.process.wire import Message
from refdgm.check.questions import cases as questions
from refdgm.check.questions import vectors
from refdgm.check.report import exits, files, progress
from refdgm.check.report import terminal as report
from refdgm.cli.main import EMBEDDED, unknown, usage
from refdgm.errors import ArgumentError, RefdgmError, VectorFileError
from refdgm.version import __version__

Footer = list[tuple[str, str]]


class Restarting:
    """A session that is started again for the next question after it was lost."""

    def __init__(self, module: str, timeout: float, memory: float) -> None:
        self._how = module, timeout, memory
        self._session: Session | None = Session(*self._how)
        self.found, self.others, self._said = self._session.found, self._session.others, ""

    def ask(self, head: dict[str, Any], arrays: dict[str, Any]) -> Message:
        if self._session is None:
            self._session = Session(*self._how)
            if self._session.found != self.found:
                raise CandidateGone("raised", "started again, the module declares something else")
        try:
            return self._session.ask(head, arrays)
        except CandidateGone:
            self.close()
            raise

    def said(self) -> str:
        return self._said + (self._session.said() if self._session else "")

    def close(self) -> None:
        if self._session is not None:
            self._said += self._session.said()
            self._session.close()
            self._session = None


def run(args: argparse.Namespace) -> int:
    """The exit code; see `exits.py`."""
    missing = [name for name in ("autograd",) if find_spec(name) is None]
    if missing:
        return usage(f"`refdgm check` needs {', '.join(missing)}: pip install 'refdgm[check]'")
    wanted = [name.strip() for name in ",".join(args.select or []).split(",") if name.strip()]
    if args.select is not None and not wanted:
        return usage("--select names no reference; `refdgm list` has them all")
    for name in wanted:
        if name not in CATALOGUE:
            return usage(unknown(name, list(CATALOGUE)))
    if args.module.endswith(".py") and not Path(args.module).is_file():
        return usage(f"there is no file {plain(args.module)}")
    if not args.module.endswith(".py") and Path(args.module).exists() and "." in args.module:
        return usage(f"MODULE must be a file ending in .py or the dotted name of a module, got {plain(args.module)}")
    if not args.module.endswith(".py") and Path(f"{args.module}.py").is_file():
        return usage(f"{plain(args.module)} would be a module; for the file write {plain(args.module)}.py")
    if not (args.timeout > 0 and args.memory > 0) or (args.seed or 0) < 0:
        return usage("--timeout and --memory must be positive, --seed not negative")
    if args.vectors and (args.shape or args.seed is not None):
        return usage("--vectors gives cases, --shape and --seed draw others: choose")
    for path in args.report:
        if why := files.refused(path):
            return usage(f"--report {plain(why)}")
    try:
        sizes = questions.sizes(args.shape) if args.shape else None
        given = _given(args.vectors)
    except VectorFileError as error:
        print(f"refdgm: {plain(str(error))}", file=sys.stderr)
        return exits.VECTORS
    except RefdgmError as error:
        return usage(str(error))
    try:
        asked = Restarting(args.module, args.timeout, args.memory)
    except CandidateGone as error:
        print(
            f"refdgm: {'' if error.kind == 'usage' else 'the candidate could not be loaded: '}{error}",
            file=sys.stderr,
        )
        return {"usage": exits.USAGE, "timeout": exits.TIMEOUT}.get(error.kind, exits.RAISED)
    try:
        names = engine.selected(wanted or (list(given) if given else None), asked.found)
        if not asked.found and not wanted:
            return usage(
                f"{plain(args.module)} has no function with the name of a reference{_near(asked.others)}; "
                "`refdgm list` has the names, CANDIDATES = {…} maps others"
            )
        try:
            questions.used(sizes or {}, [CATALOGUE[name] for name in names])
        except RefdgmError as error:
            return usage(str(error))
        return _placed(args, asked, names) or _check(args, asked, names, given, sizes)
    finally:
        asked.close()


def _placed(args: argparse.Namespace, asked: Restarting, names: list[str]) -> int:
    """The exit code where --device is not one for every function that is to be checked; otherwise 0."""
    kinds = {asked.found[name]["framework"]: name for name in reversed(names) if name in asked.found}
    for framework, name in kinds.items() if args.device != "cpu" else ():
        try:
            why = asked.ask({"framework": framework, "device": args.device}, {})[0].get("message")
        except CandidateGone as error:
            print(f"refdgm: --device {plain(args.device)}: {error}", file=sys.stderr)
            return exits.TIMEOUT if error.kind == "timeout" else exits.RAISED
        if why:
            return usage(f"{name}: --{plain(str(why))}")
    return exits.AGREES


def _check(
    args: argparse.Namespace,
    asked: Restarting,
    names: list[str],
    given: dict[str, list[Case]],
    sizes: dict[str, Any] | None,
) -> int:
    found, damaged, footer = [], False, []
    with progress.shown(len(names)) as step:
        for name in names:
            ref = CATALOGUE[name]
            try:
                cases = given.get(name) or (
                    questions.fresh(ref, sizes, args.seed)
                    if sizes is not None or args.seed is not None
                    else questions.shipped(ref)
                )
            except VectorFileError as error:
                damaged = True
                footer.append((f"{name}: {plain(str(error))}", "red"))
                continue
            if name not in asked.found:
                found.append(engine.Checked(ref, asked=len(cases)))
                continue
            found.append(engine.check(asked, ref, cases, args.dtype, args.device, step))
    code = exits.exit_code([c.verdict for c in found], any(c.convention for c in found), args.strict, damaged)
    said = asked.said().strip()
    if args.output and said:
        footer += [("The candidate printed:", ""), *((f"  | {line}", "dim") for line in said.splitlines())]
    elif said:
        many = len(said.splitlines())
        footer.append((f"The candidate printed {many} {'line' if many == 1 else 'lines'}; --output shows.", "dim"))
    left = [name for name in CATALOGUE if name not in asked.found and not args.select and not args.vectors]
    if left:
        near = _near(asked.others)
        footer.append((f"{len(left)} others not checked, for the candidate has no such function{near}", "dim"))
    kinds = sorted({asked.found[c.ref.name]["framework"] for c in found if c.ref.name in asked.found})
    label = "the embedded textbook definitions" if args.module == EMBEDDED else plain(Path(args.module).name)
    parts = [f"refdgm {__version__}", label, ", ".join(kinds), ", ".join(sorted({c.dtype for c in found}))]
    title = "   ".join(filter(None, [*parts, "" if args.device == "cpu" else plain(args.device)]))
    for path in args.report:
        text = files.as_json(found, label, code) if path.endswith(".json") else files.as_junit(found, args.strict)
        try:
            files.write(path, text)
        except (OSError, RefdgmError) as error:
            usage(f"the report could not be written: {plain(str(error))}")
            code = code or exits.USAGE
    if args.json:
        sys.stdout.write(files.as_json(found, label, code))
    else:
        report.show(found, title, footer, code)
    return code


def _given(paths: list[str] | None) -> dict[str, list[Case]]:
    """The cases of index files, by reference."""
    cases: dict[str, list[Case]] = {}
    for path in paths or []:
        if path.endswith(".safetensors"):
            raise ArgumentError(f"--vectors must be the index, a .json file, got {path}; it names this one")
        read = vectors.read(path)
        if read.reference not in CATALOGUE:
            raise VectorFileError(f"there is no reference {read.reference!r}")
        cases.setdefault(read.reference, []).extend(read.cases)
    return cases


def _near(others: list[str]) -> str:
    near = [
        (name, match[0])
        for name in others
        if (match := difflib.get_close_matches(name, list(CATALOGUE), 1, 0.75))
    ]
    return "".join(f"; {plain(name)} looks like {match}" for name, match in near)
