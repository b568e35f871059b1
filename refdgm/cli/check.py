"""`refdgm check [MODULE]`: plan what is asked, run it, tell what came of it."""

import argparse
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from refdgm.cases import Case
from refdgm.catalogue import CATALOGUE
from refdgm.check import run as engine
from refdgm.check.candidates.entry import EMBEDDED
from refdgm.check.filed import Filed
from refdgm.check.judging.checked import Checked
from refdgm.check.process import memory
from refdgm.check.process.reply import CandidateGone, Declared, plain
from refdgm.check.process.session import Restarting
from refdgm.check.questions import cases as questions
from refdgm.check.report import exits, progress
from refdgm.cli import dry, first, folder, jobs, meant, offered
from refdgm.cli import given as vectors
from refdgm.cli.near import lacking, near, nothing
from refdgm.cli.own_time import Overdue, limited
from refdgm.cli.planned import EXAMPLE, Findings, Plan, plan
from refdgm.cli.refused import Refused
from refdgm.cli.telling import tell
from refdgm.errors import RefdgmError, VectorFileError
from refdgm.reference import Reference


def carry_out(args: argparse.Namespace) -> int:
    """The exit code; see `exits.py`."""
    memory.keep()
    if args.module is not None and Path(args.module).is_dir():
        return tell(*folder.found(args, plan, run, Findings))
    planned = plan(args)
    if args.dry:
        return dry.tell(planned)
    if planned.module == EXAMPLE:
        findings = run(planned)
        if findings.interrupted:
            raise Refused("interrupted while the example was asked", exits.INTERRUPTED)
        return first.tell(findings.checked)
    return tell(planned, run(planned))


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
            raise Refused(nothing(plain(plan.module), asked.others))
        try:
            questions.used(plan.sizes or {}, [CATALOGUE[name] for name in names])
        except RefdgmError as error:
            raise Refused(str(error)) from None
        meant.believed(plan.meant, asked.found)
        told = [(_untrusted(plan, asked.confined), "dim")] if plan.untrusted else offered.remarks(asked)
        _place(plan, asked, {name: asked.found[name] for name in names if name in asked.found})
        findings = (_checked if plan.jobs == 1 or len(names) < 2 or isinstance(asked, Filed) else _together)(
            plan, asked, names)
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
    finished, at = 0, ""

    def asking(name: str, case: int, cases: int) -> None:
        nonlocal at
        at = f" in {name}, case {case} of {cases}"
        step(name, case, cases)

    with progress.shown(len(names)) as step:
        try:
            for name in names:
                _check(plan, asked, name, findings, asking)
                finished, at = finished + 1, ""
        except KeyboardInterrupt:
            findings.interrupted = True
            findings.remarks.append((f"interrupted{at}: {len(names) - finished} of {len(names)} functions were not "
                                     "finished", "red"))
    return _told(plan, asked, names, findings, asked.said(), asked.printed())


def _together(plan: Plan, asked: Restarting, names: list[str]) -> Findings:
    """As `_checked`, several at the same time."""
    findings = Findings(remarks=vectors.remarks({name: plan.given[name] for name in names if name in plan.given},
                                                plan.timeout))
    said, printed, finished = asked.said(), asked.printed(), 0
    asked.close()
    with progress.shown(len(names)) as step:

        def found(unit: tuple[Any, ...], what: Any) -> None:
            nonlocal said, printed, finished
            if isinstance(what, Refused):
                raise what
            one, more, lines = what
            findings.joined(one)
            said, printed, finished = said + more, printed + lines, finished + 1
            step(unit[2], finished, len(names))

        try:
            with jobs.started(min(plan.jobs, len(names))) as pool:
                units = [(plan, asked.found, name, _check, offered.opened) for name in names]
                jobs.each(pool, jobs.judged, units, found)
        except KeyboardInterrupt:
            findings.interrupted = True
            findings.remarks.append((f"interrupted: {len(names) - finished} of {len(names)} functions were not "
                                     "finished", "red"))
    return _told(plan, asked, names, findings, said, printed)


def _told(plan: Plan, asked: Restarting, names: list[str], findings: Findings, said: str, many: int) -> Findings:
    """With what the candidate printed, and what it has not."""
    if plan.output and (said := said.strip()):
        findings.remarks += [("The candidate printed:", ""), *((f"  | {line}", "dim") for line in said.splitlines())]
    elif said.strip():
        told = f"The candidate printed {many} {'line' if many == 1 else 'lines'}; --output shows."
        findings.remarks.append((told, "dim"))
    missing = [name for name in names if name not in asked.found]
    if missing and not asked.found and (told := lacking(plain(Path(plan.module).name), asked.others, missing)):
        findings.remarks.append((told, "yellow"))
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
                                   plan.accumulate or "", _longer(plan), (plan.meant or {}).get(name), plan.elementary)
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
