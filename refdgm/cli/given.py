"""`--vectors`: files are read, their cases and answers held against the reference, before a candidate is started."""

from collections.abc import Sequence

from refdgm.catalogue import CATALOGUE
from refdgm.check.judging.answered import question, unseen, wrong
from refdgm.check.questions.cases import shipped
from refdgm.check.questions.given import Given, given
from refdgm.check.questions.safetensors_file import refuse
from refdgm.cli.own_time import Overdue, limited
from refdgm.errors import ArgumentError, VectorFileError

FEW = 5  # names of mistakes that are told


def read(paths: Sequence[str], timeout: float) -> dict[str, Given]:
    """By reference; VectorFileError where a file is not whole, or not right."""
    found: dict[str, Given] = {}
    for path in paths:
        if path.endswith(".safetensors"):
            raise ArgumentError(f"--vectors must be the index, a .json file, got {path}; it names this one")
        one = given(path)
        if one.reference in found:
            raise ArgumentError(f"--vectors must give each reference once, got {one.reference} in two files; "
                                "put its cases into one, or check twice")
        found[one.reference] = one
    for one in found.values():
        judged(one, timeout)
    return found


def judged(one: Given, timeout: float) -> None:
    """Refuse answers that are not right; `timeout`: seconds that each case may take us."""
    ref = CATALOGUE[one.reference]
    for case, answers in zip(one.cases, one.answers, strict=False):  # of a file that is shipped none are in question
        try:
            with limited(timeout):
                why = wrong(question(ref, case), answers)
        except Overdue:
            raise VectorFileError(late(case.id, timeout)) from None
        if why:
            refuse(f"{case.id}: {why}")


def late(what: str, timeout: float) -> str:
    return (f"{what} took refdgm itself longer than --timeout allows, {timeout:g} s; choose smaller sizes, fewer steps "
            "or a longer --timeout")


def remarks(found: dict[str, Given], timeout: float) -> list[tuple[str, str]]:
    """(text, style): which known mistakes the cases would let pass, and those that are shipped reveal."""
    lines = []
    for name, one in found.items():
        if one.certified:
            continue
        ref = CATALOGUE[name]
        try:
            with limited(timeout):
                hidden = unseen(ref, one.cases)
                if hidden:
                    known = unseen(ref, shipped(ref))
                    hidden = [mistake for mistake in hidden if mistake not in known]
        except Overdue:
            continue
        if hidden:
            more = f" and {len(hidden) - FEW} more" if len(hidden) > FEW else ""
            lines.append((f"{name}: your vectors would let pass {', '.join(hidden[:FEW])}{more}, which the "
                          "shipped ones reveal", "yellow"))
    return lines
