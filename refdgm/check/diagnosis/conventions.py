"""Whether a candidate that differs agrees under a convention of the field that it has not declared."""

from dataclasses import replace
from typing import Protocol

from refdgm.cases import Case
from refdgm.check.diagnosis.common import FEW, told_of
from refdgm.check.judging.checked import Checked
from refdgm.check.questions.question import Terms
from refdgm.check.verdicts import DIFFERS, ILL, PASSING
from refdgm.evidence import conventions

SAMPLE = 5  # cases that differ, asked before all of them are


class Again(Protocol):
    """The candidate asked once more, in other terms; at a glance, what is far off has no tolerance measured."""

    def __call__(self, other: Terms, some: list[Case], glance: bool = False) -> Checked: ...


def under_a_convention(checked: Checked, cases: list[Case], terms: Terms, again: Again) -> Checked | None:
    """What comes of it under the convention in which all cases agree. One of nearly all, or of all that were answered
    where others were not, is noted."""
    plainly = sum(result.verdict in PASSING for result in checked.results)
    nearly: tuple[int, str] = (plainly, "")
    for name in () if terms.convention else conventions.of(checked.ref.name):
        other = replace(terms, convention=name)
        if not _promising(checked, other, again):
            continue
        found = again(other, [result.question.case for result in checked.results])
        if found.verdict in PASSING and found.verdict != ILL:  # what was raised before may be answered in other terms
            found.convention, found.notes = name, checked.notes
            return found
        found = found if len(cases) == len(checked.results) else again(other, cases)
        if found.verdict in PASSING and found.verdict != ILL:
            checked.noted(f"agrees under the convention “{name}” in all {len(cases)} cases that it answered")
            return None
        left = [result.question.case for result in found.results if result.verdict not in PASSING]
        agree, many = len(found.results) - len(left), len(found.results)
        if len(left) <= FEW * many and agree > nearly[0]:
            told = f"agrees under the convention “{name}” in {agree} of {many} cases; not in {told_of(left)}"
            nearly = agree, told
    if nearly[1]:
        checked.noted(nearly[1])
    return None


def _promising(checked: Checked, other: Terms, again: Again) -> bool:
    """Whether most of a few cases that differ agree under another convention."""
    few = [result.question.case for result in checked.results if result.verdict == DIFFERS][:SAMPLE]
    return 2 * sum(result.verdict in PASSING for result in again(other, few, True).results) >= len(few)
