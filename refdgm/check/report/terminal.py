"""The report for a terminal: a line of each function, a table of those that do not agree, and what is said of them.

With `rich` in colour; without it the same text in columns. Nothing that a candidate said reaches it unsanitised.
"""

import os
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, TextIO

from refdgm.cases import AROUND
from refdgm.check import verdicts
from refdgm.check.judging.checked import Checked
from refdgm.check.judging.compare import Outcome
from refdgm.check.report import short
from refdgm.check.report.edges import edges
from refdgm.check.report.files import has_letters
from refdgm.check.report.remarks import number, pair, place, remarks, worst
from refdgm.check.report.score import score, timed

STYLE = {
    verdicts.AGREES: "green",
    verdicts.NONE: "dim",
    verdicts.LOSES: "yellow",
    verdicts.COARSE: "yellow",
    verdicts.ILL: "yellow",
    verdicts.DIFFERS: "bold red",
    verdicts.MISSING: "red",
    verdicts.UNASKED: "dim",
    verdicts.ERROR: "red",
    verdicts.TIMEOUT: "red",
    verdicts.PART: "yellow",
    verdicts.ROUGH: "bold red",
    verdicts.EXPECTED: "yellow",
    verdicts.STALE: "bold red",
}
HEAD = ("", "verdict", "cases", "digits", "ulps", "worst at", "got", "right", "in case")
RIGHT = (2, 3, 4, 6, 7, 8)  # columns of numbers
SPARED = ((8,), (6, 7), (4,), (5,))  # columns that a narrow terminal does without, in this order
WIDE = 100  # columns of the lines of functions, where nobody looks on; and at most
FILE = 160  # columns of a table in a file
FEW = 3  # edges that are named in a line
Row = tuple[tuple[str, str], ...]  # (text, style) of every column


def rows(checked: Checked) -> list[Row]:
    """One row for the function, one for each of its outputs and gradients."""
    count = str(checked.asked) if checked.answered == checked.asked else f"{checked.answered}/{checked.asked}"
    verdict = checked.verdict
    found: list[Row] = [((checked.title, "bold"), (verdict, STYLE[verdict]), (count, ""), *[("", "")] * 6)]
    for role, pairs in checked.by_role().items():
        result, outcome = worst(pairs)
        found.append(
            _row(
                _marked(checked, role),
                outcome,
                sum(o.verdict == outcome.verdict for _, o in pairs),
                result.question.case.id.rpartition("/")[2],
            )
        )
    return found


def _marked(checked: Checked, role: str) -> str:
    """The name of a role in the table: whose gradient few ask for is a hyper-parameter."""
    head, _, name = role.partition(".")
    marked = head == "gradient" and name in checked.ref.hyper
    return f"{role} (hyper-parameter)" if marked else role.replace("output.", "")


def _row(role: str, outcome: Outcome, count: int, case: str) -> Row:
    verdict = outcome.verdict
    start = (
        (f"  {role}", ""),
        (verdict, "yellow" if outcome.spared else STYLE[verdict]),
        (str(count) if verdict != verdicts.AGREES else "", "dim"),
    )
    if verdict == verdicts.AGREES and outcome.ulps == 0:
        return (*start, ("exact", ""), *[("", "")] * 5)
    if outcome.got is None:
        got, right = pair(outcome)
        return (*start, ("", ""), ("", ""), (place(outcome), ""), (got, ""), (right, ""), (case, "dim"))
    numbers = f"{outcome.digits:.1f}", number(outcome.ulps), place(outcome), *pair(outcome)
    return (*start, *((text, "") for text in numbers), (case, "dim"))


def summary(found: list[Checked], code: int) -> tuple[str, str]:
    """The last line."""
    if not found:
        return f"nothing was checked; exit code {code}", "bold red"
    agree = [c for c in found if c.verdict in (verdicts.AGREES, verdicts.LOSES, verdicts.COARSE)]
    lose = [c for c in agree if c.verdict == verdicts.LOSES]
    coarse = sum(c.verdict == verdicts.COARSE for c in agree)
    answered, asked = sum(c.answered for c in found), sum(c.asked for c in found)
    longer = [result for checked in found for result in checked.results if result.long]
    beside = sum(bool(result.outcomes) for result in longer)
    fresh = f", {beside} of {len(longer)} with an axis of up to {max(AROUND)} (float64 reference)" if longer else ""
    judge = "certified" if all(c.certified for c in found) else f"not certified: {_why_not(found)}"
    what = "checks" if any(c.among for c in found) else "functions"
    text = f"{len(agree)} of {len(found)} {what} agree"
    text += f", {len(lose)} of them with digits lost in places" if lose else ""
    text += f", {coarse} of them in float32 only" if coarse else ""
    alone = sum(c.value_alone for c in agree)
    meant = sum(c.verdict == verdicts.EXPECTED for c in found)
    text += f", {meant} {'differs' if meant == 1 else 'differ'} as expected" if meant else ""
    text += f", {alone} of them in value alone, no gradient compared" if alone else ""
    return (
        f"{text}; {answered - beside} of {asked - len(longer)} cases answered ({judge}){fresh}; "
        f"score {rounded(score(found))}; exit code {code}",
        "bold green" if code == 0 else "bold red",
    )


def rounded(x: float) -> str:
    """To two digits, and 1 only where nothing is missing to it."""
    return f"{min(x, 0.99):.2f}" if x < 1 else "1"


def _outside(found: list[Checked]) -> list[tuple[str, str]]:
    """One line: the edges of one function, or of several how many."""
    each = [edge for checked in found for edge in edges(checked.ref)]
    if len(found) == 1 and 0 < len(each) <= FEW:
        return [(f"not asked, outside the domain: {'; '.join(each)}", "dim")]
    return [(f"not asked: {len(each)} edges outside the domains; --json names them", "dim")] if each else []


def undeclared(found: list[Checked]) -> list[tuple[str, str]]:
    """A line of its own: what agrees only as another function of the field, and does not say so."""
    names = [f"{c.ref.name} ({' or '.join([f'“{c.convention}”', *_mistakes(c)])})" for c in found if c.convention]
    if not names:
        return []
    what = "the convention" if len(names) == 1 else "the conventions"
    told = f"not ours, and not declared: {what} of {', '.join(names)}"
    return [(f"{told}; right where that is meant, wrong where ours is; --strict fails it", "bold yellow")]


def _mistakes(checked: Checked) -> list[str]:
    return [f"the known mistake {name.rpartition('/')[2]}" for name, _ in checked.alike]


def _why_not(found: list[Checked]) -> str:
    """Who judges, where the certified numbers do not, or not to their digits."""
    fresh = any(not result.question.certified for checked in found for result in checked.results if not result.long)
    yours = any(result.question.case.about.get("yours") for checked in found for result in checked.results)
    reasons = ["your vectors"] * yours + ["the float64 reference judges"] * fresh
    return " and ".join([*reasons, *["answers in float32 to float64"] * any(c.coarse for c in found)])


def show(
    found: list[Checked],
    title: str,
    footer: Iterable[tuple[str, str]],
    code: int,
    to: TextIO | None = None,
    whole: bool = False,
) -> None:
    """Print the report; as a `whole` the table is of what agrees too, role by role."""
    to = to or sys.stdout
    width = _columns(to)
    head = [] if whole else short.lines(found, min(width or WIDE, WIDE), has_letters(to))
    table = [row for checked in found if whole or short.kind(checked) != "yes" for row in rows(checked)]
    lines = [line for checked in found for line in remarks(checked)]
    lines += [*footer, *_outside(found), *undeclared(found), *_further(found), *timed(found), summary(found, code)]
    shown = _in_columns if find_spec("rich") is None else _with_rich
    shown(table, title, head, lines, to, width)


def _columns(to: TextIO) -> int | None:
    """How wide a terminal is, or whatever COLUMNS says; None where nothing tells, as of a file."""
    said = os.environ.get("COLUMNS", "")
    known = to.isatty() or (said.isdecimal() and int(said) > 0)
    return get_terminal_size((WIDE, 24)).columns if known else None


def _wrapped(text: str, width: int | None) -> list[str]:
    """A line in as many as it takes, indented alike; no word is torn."""
    if width is None:
        return [text]
    lines = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()))
        lines += wrap(line, max(width, len(indent) + 1), subsequent_indent=indent, break_long_words=False,
                      break_on_hyphens=False) or [""]
    return lines


def _further(found: list[Checked]) -> list[tuple[str, str]]:
    """Where one goes from here."""
    each = [worst(pairs) for checked in found for pairs in checked.by_role().values()]
    cases = [result.question.case.id for verdict in (verdicts.DIFFERS, verdicts.LOSES) for result, outcome in each
             if result.question.certified and outcome.verdict == verdict and not outcome.spared]
    return [(f"refdgm explain {cases[0]}: why that case is there, and its numbers", "dim")] if cases else []


def _in_columns(
    table: list[Row], title: str, head: list[tuple[str, str]], lines: list[tuple[str, str]], to: TextIO,
    width: int | None = None,
) -> None:
    columns = _fitting(table, width) if table and width else range(len(HEAD))
    every = [[HEAD[i] for i in columns], *([row[i][0] for i in columns] for row in table)]
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    print(title, *["", *(text for text, _ in head)] if head else [], sep="\n", file=to)
    if head and table:
        print(file=to)
    for row in every if table else []:
        print(
            "  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip(), file=to
        )
    print(*["", *(part for text, _ in lines for part in _wrapped(text, width))], sep="\n", file=to)


def _fitting(table: list[Row], width: int) -> list[int]:
    """The columns that have room."""
    widths = [max(len(HEAD[i]), *(len(row[i][0]) for row in table)) + 3 for i in range(len(HEAD))]
    columns = list(range(len(HEAD)))
    for spared in SPARED:
        if sum(widths[i] for i in columns) > width:
            columns = [i for i in columns if i not in spared]
    return columns


def _with_rich(
    table: list[Row], title: str, head: list[tuple[str, str]], lines: list[tuple[str, str]], to: TextIO,
    width: int | None = None,
) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console: Any = Console(file=to, highlight=False, width=width or FILE)
    columns = _fitting(table, console.width) if table else []
    shown = Table(box=SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1))
    for i in columns:
        shown.add_column(HEAD[i], justify="right" if i in RIGHT else "left", no_wrap=True)
    for row in table:
        if row[0][1] and shown.rows:
            shown.add_row()
        shown.add_row(*(Text(*row[i]) for i in columns))
    console.print(Text(title, style="bold"))
    if head:
        console.print()
    for text, style in head:
        console.print(Text(text, style=style))
    if table:
        console.print(shown)
    elif head:
        console.print()
    for text, style in lines:
        for part in _wrapped(text, width):
            console.print(Text(part, style=style))
