"""The report as a table of Markdown: a line for each file, function and dtype."""

import re
from collections.abc import Iterable

from refdgm.check.judging.checked import Checked
from refdgm.check.report import exits, files, terminal
from refdgm.check.report.remarks import messages, remarks, told
from refdgm.check.report.score import scores, seconds
from refdgm.check.report.short import MARKS, kind
from refdgm.version import __version__

HEAD = ("", "file", "function", "dtype", "verdict", "score", "ms a case", "first reason")
LONG = 160  # characters of a reason


def as_markdown(found: list[Checked], label: str, code: int, unloaded: Iterable[tuple[str, str]] = ()) -> str:
    """The table, with the exit code above it and the last line of the terminal below."""
    rows = [_row(checked, label) for checked in found]
    rows += [(MARKS["no"], _cell(name), "", "", "not loaded", "0", "", _cell(why)) for name, why in unloaded]
    lines = [HEAD, tuple("---" for _ in HEAD), *rows]
    table = "\n".join(f"| {' | '.join(row)} |" for row in lines)
    return (f"{files.MARKDOWN}\n# refdgm {__version__}: {_cell(label)}, exit code {code} ({exits.WORDS[code]})\n\n"
            f"{table}\n\n{terminal.summary(found, code)[0]}\n")


def _row(checked: Checked, label: str) -> tuple[str, ...]:
    each, took = scores(checked), seconds([checked])["median"]
    time = "" if took is None else f"{1e3 * took:.2g}"
    return (MARKS[kind(checked)], _cell(checked.file or label), f"`{checked.ref.name}`", checked.dtype,
            _cell(told(checked)), terminal.rounded(each["score"] or 0.0), time, _cell(_reason(checked)))


def _reason(checked: Checked) -> str:
    """The mistake or convention that it equals, what was raised, or the first line that is said of it."""
    if checked.equals:
        return checked.equals[0][1]
    lines = messages(checked) or [text for text, _ in remarks(checked)]
    return lines[0] if lines else ""


def _cell(text: str) -> str:
    """One line, which ends no cell and begins no markup; cut where it is long."""
    text = " ".join(text.split())
    text = text if len(text) <= LONG else text[: LONG - 1].rsplit(" ", 1)[0] + " …"
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text)
