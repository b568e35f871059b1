"""How wide the terminal is, and what does not fit in it in several lines."""

import re
from shutil import get_terminal_size
from textwrap import wrap

LEAST, MOST = 40, 100  # wider than that nobody reads
NUMBER = re.compile(r"^(\s*)(.*?)\s+(\(\d+[a-z]?\))$")


def width() -> int:
    """In columns: 80 where nothing says it."""
    return max(LEAST, min(MOST, get_terminal_size((80, 24)).columns))


def wrapped(text: str, columns: int, first: str = "", rest: str | None = None) -> list[str]:
    """A text in lines: `first` stands before the first of them, `rest` before the others, as wide as `first` if None.
    Nothing is torn apart, so that a name or a path that is wider than the terminal can be copied."""
    rest = " " * len(first) if rest is None else rest
    return wrap(text, columns, initial_indent=first, subsequent_indent=rest, break_long_words=False,
                break_on_hyphens=False) or [first.rstrip()]


def fitted(text: str, columns: int) -> list[str]:
    """A docstring: what fits stands as it is, paragraphs are set anew, the number of an equation comes nearer, and an
    equation that is too wide even so goes on in a second line. Where one number comes nearer, all do."""
    lines: list[str] = []
    paragraph: list[str] = []
    moved = any(len(line) > columns for line in text.splitlines() if NUMBER.match(line))

    def end() -> None:
        fits = all(len(line) <= columns for line in paragraph)
        lines.extend(paragraph if fits else wrapped(" ".join(paragraph), columns))
        paragraph.clear()

    for line in text.splitlines():
        if not line or line.startswith((" ", "Source:")):
            end()
        if line.startswith(" "):
            lines += _equation(line, columns) if moved or len(line) > columns else [line]
        elif line:
            paragraph.append(line)
        else:
            lines.append("")
    end()
    return lines


def _equation(line: str, columns: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    match = NUMBER.match(line)
    if match is None or not match[1]:
        return [line] if len(line) <= columns else _apart(line.strip(), columns, indent)
    _, formula, number = match.groups()
    *before, last = _apart(formula, columns, indent)
    if len(last) + 2 + len(number) > columns:
        return [*before, last, f"{number:>{columns}}"]
    return [*before, f"{last}{number:>{columns - len(last)}}"]


def _apart(formula: str, columns: int, indent: str) -> list[str]:
    """A formula in as few lines as it takes; gaps of several spaces, which part equations, are kept."""
    lines, line = [], indent
    for gap, word in re.findall(r"(\s*)(\S+)", formula):
        if len(line + gap + word) > columns and line.strip():
            lines.append(line)
            line, gap = indent + "    ", ""
        line += gap + word
    return [*lines, line]
