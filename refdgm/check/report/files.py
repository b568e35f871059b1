"""The report as JSON and as JUnit XML, holding no path and nothing of the environment; and what may be written where:
what a report replaces is a report of before, and nothing else."""

import json
import math
import os
import secrets
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO
from xml.etree import ElementTree

from refdgm.check import verdicts
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.tolerance import C
from refdgm.check.report import exits
from refdgm.check.report.edges import edges
from refdgm.check.report.remarks import remarks, told
from refdgm.check.report.score import score, scores, seconds
from refdgm.errors import ArgumentError
from refdgm.version import __version__

FORMAT = "refdgm-report/1"
SCHEMA = "urn:refdgm:report:1.0"  # the identifier of report.schema.json, beside this file
XML = '<?xml version="1.0" encoding="utf-8"?>\n'
SUITE = "refdgm check"
HTML = "<!doctype html>\n<!-- refdgm check -->\n"
MARKDOWN = "<!-- refdgm check -->"
TABLES = {".md": MARKDOWN.encode()}
STARTS = {  # of a report of ours, by the ending of its file
    ".json": f'{{\n "format": "{FORMAT}"'.encode(),
    ".xml": f'{XML}<testsuites name="{SUITE}"'.encode(),
    ".html": HTML.encode(),
}


def as_json(
    found: list[Checked], title: str, code: int, outcome: str, untrusted: bool = False, seed: int | None = None,
    ascii: bool = False, unloaded: Iterable[tuple[str, str]] = (),
) -> str:
    """Every function, case and role, with the element that decided; `ascii`: other letters as \\u….
    `unloaded`: files that could not be loaded, and why."""
    return (
        json.dumps(
            {
                "format": FORMAT,
                "schema": SCHEMA,
                "version": __version__,
                "candidate": title,
                "exit_code": code,
                "outcome": outcome,
                "score": score(found),
                "seconds": seconds(found),  # of the candidate's own calls
                "constant": C,
                "untrusted": untrusted,
                "seed": seed,  # of fresh cases
                "asked": sum(c.asked for c in found),
                "answered": sum(c.answered for c in found),
                "not_loaded": [{"candidate": name, "why": why} for name, why in unloaded],
                "functions": [_function(checked) for checked in found],
            },
            indent=1,
            ensure_ascii=ascii,
        )
        + "\n"
    )


def _function(checked: Checked) -> dict[str, Any]:
    return {
        "reference": checked.ref.name,
        "candidate": checked.file,  # where there are several
        "verdict": checked.verdict if checked.where else told(checked),
        "agrees_where": checked.where,
        "outcome": exits.outcome([checked.verdict], bool(checked.convention)),
        "dtype": checked.dtype,
        **scores(checked),
        "seconds": seconds([checked]),
        "expected": checked.expected and checked.expected.plain() | {"unexpected": checked.unexpected},
        "asked": checked.asked,
        "answered": checked.answered,
        "certified": checked.certified,
        "convention": checked.convention,
        "alike": [{"mistake": name, "what": text} for name, text in checked.alike],  # no number tells it from these
        "differs": checked.shared,
        "not_asked_for": checked.spared,  # gradients of hyper-parameters that differ, each with the number of cases
        "equals": [{"roles": roles, "what": text} for roles, text in checked.equals],
        "notes": checked.notes,
        "not_asked": [{"id": id, "why": why} for id, why in checked.not_asked],
        "outside": edges(checked.ref),  # what no case asks, for it lies outside the domain
        "cases": [_case(result) for result in checked.results],
    }


def _case(result: Result) -> dict[str, Any]:
    case = result.question.case
    return {
        "id": case.id,
        "verdict": result.verdict,
        "message": result.message,
        "seconds": result.seconds,
        "options": case.options,
        "flags": list(case.flags),
        "roles": [
            {
                "role": o.role,
                "verdict": o.verdict,
                "note": o.note,
                "at": list(o.at),
                "right": _number(o.expected),
                "got": _number(o.got),
                "digits": _number(o.digits),
                "ulps": _number(o.ulps),
            }
            for o in result.outcomes
        ],
    }


def _number(x: float | None) -> float | str | None:
    return x if x is None or math.isfinite(x) else str(x)


def as_junit(
    found: list[Checked], strict: bool, untrusted: bool = False, seed: int | None = None,
    unloaded: Iterable[tuple[str, str]] = (), interrupted: bool = False,
) -> str:
    """A suite for every function, a test for every case; of a file that could not be loaded, an error, and of the rest
    of a check that was interrupted."""
    root = ElementTree.Element("testsuites", name=SUITE)
    for checked in found:
        undeclared, stale = strict and bool(checked.convention), checked.verdict == verdicts.STALE
        suite = ElementTree.SubElement(
            root, "testsuite", name=checked.title, tests=str(max(1, len(checked.results)) + undeclared + stale)
        )
        counts, skipped = {"failure": 0, "error": 0}, 0
        about = {exits.CONVENTION: _xml(checked.convention)} if checked.convention else {}
        about |= {"mistake": ", ".join(name for name, _ in checked.alike)} if checked.alike else {}
        about |= {"untrusted": "true", "seed": str(seed)} if untrusted else {}
        if about:
            properties = ElementTree.SubElement(suite, "properties")
            for name, value in about.items():
                ElementTree.SubElement(properties, "property", name=name, value=value)
        if undeclared:
            test = ElementTree.SubElement(suite, "testcase", classname=checked.title, name=exits.CONVENTION)
            ElementTree.SubElement(test, "failure", message=f"not declared: {_xml(checked.convention)}")
            counts["failure"] += 1
        for result in checked.results:
            test = ElementTree.SubElement(
                suite, "testcase", classname=checked.title, name=result.question.case.id
            )
            lost = result.verdict in (verdicts.LOSES, verdicts.COARSE)
            passes = result.verdict in verdicts.PASSING and not (strict and lost)
            if not passes and checked.verdict == verdicts.EXPECTED:
                ElementTree.SubElement(test, "skipped", message=_xml(told(checked)))
                skipped += 1
                continue
            if not passes:
                kind = "error" if result.verdict in (verdicts.ERROR, verdicts.TIMEOUT) else "failure"
                counts[kind] += 1
                text = "\n".join(
                    [
                        result.message,
                        *(
                            f"{o.role}: {o.verdict} {o.note} at {list(o.at)}: {o.got}, right {o.expected}"
                            for o in result.outcomes
                            if o.verdict not in verdicts.PASSING and not o.spared
                        ),
                    ]
                )
                message = verdicts.PART if checked.where else result.verdict
                ElementTree.SubElement(test, kind, message=message).text = _xml(text)
        if stale:
            test = ElementTree.SubElement(suite, "testcase", classname=checked.title, name="expect")
            ElementTree.SubElement(test, "failure", message=_xml(f"{verdicts.STALE}: {checked.unexpected}"))
            counts["failure"] += 1
        if not checked.results:
            test = ElementTree.SubElement(suite, "testcase", classname=checked.title, name="missing")
            ElementTree.SubElement(test, "failure", message="missing")
            counts["failure"] += 1
        if checked.verdict not in verdicts.PASSING or checked.convention:
            diagnosis = "\n".join(text for text, _ in remarks(checked))
            ElementTree.SubElement(suite, "system-out").text = _xml(diagnosis)
        suite.set("failures", str(counts["failure"]))
        suite.set("errors", str(counts["error"]))
        suite.set("skipped", str(skipped))
    apart = [(name, "loaded", "could not be loaded", why) for name, why in unloaded]
    apart += [(SUITE, "finished", "interrupted", "the functions that are not here were not finished")] * interrupted
    for name, what, message, why in apart:
        suite = ElementTree.SubElement(root, "testsuite", name=name, tests="1", failures="0", errors="1")
        test = ElementTree.SubElement(suite, "testcase", classname=name, name=what)
        ElementTree.SubElement(test, "error", message=message).text = _xml(why)
    ElementTree.indent(root)
    return XML + ElementTree.tostring(root, encoding="unicode") + "\n"


def _xml(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or 0x20 <= ord(c) < 0xD800 or 0xE000 <= ord(c) < 0xFFFE)


def has_letters(stream: TextIO) -> bool:
    """Whether it takes every letter; others are escaped there."""
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


def refused(path: str, starts: Mapping[str, bytes] = STARTS) -> str:
    """Why no report is written there, and the way out; empty where one may be. What a report replaces is a report."""
    start = starts.get(Path(path).suffix)
    if start is None:
        return f"must be a file ending in {' or '.join(starts)}, got {path}; name such a file"
    if not Path(path).parent.is_dir():
        return f"must be a file in a folder that there is, got {path}; make the folder first"
    try:
        kind = os.lstat(path).st_mode
    except FileNotFoundError:
        return ""
    if not stat.S_ISREG(kind):
        return f"must be a plain file, got {path}, which is {_kind(kind)}; name another file"
    with open(path, "rb") as held:
        if held.read(len(start)) != start:
            return f"would overwrite {path}, which is no report of refdgm; name another file, or delete this one"
    return ""


def _kind(mode: int) -> str:
    kinds = {stat.S_ISLNK: "a link", stat.S_ISDIR: "a folder", stat.S_ISFIFO: "a pipe", stat.S_ISSOCK: "a socket"}
    return next((word for test, word in kinds.items() if test(mode)), "a device")


def write(path: str, text: str) -> None:
    """All of it or nothing: a draft of its own name beside it, which takes the place or is deleted."""
    if why := refused(path, STARTS | TABLES):  # the candidate has run since it was asked first
        raise ArgumentError(f"the file {why}")
    draft = f"{path}.{secrets.token_hex(8)}.draft"
    with open(draft, "x", encoding="utf-8", newline="\n") as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise
