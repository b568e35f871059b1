"""A page of the derivations as a terminal shows it: set in its width, each step a formula with what was executed."""

import re

from refdgm.cli.wide import fitted, wrapped

FENCE = re.compile(r"^```(?:\{(\w+)\} ?)?(.*)$")
RULE = re.compile(r"^---$", re.MULTILINE)
OPTION = re.compile(r"^:(\w+): ?(.*)$")
OWN = ("#", "|", "    ", "$$")  # lines that stand by themselves


def readable(text: str, columns: int) -> str:
    """The page in lines of at most so many columns, but for names and paths that are wider."""
    lines: list[str] = []
    paragraph: list[str] = []

    def end() -> None:
        if paragraph:
            item = paragraph[0].startswith("* ")
            lines.extend(wrapped(" ".join(part.strip() for part in paragraph).removeprefix("* "), columns,
                                 "* " if item else ""))
            paragraph.clear()

    every = iter(text.splitlines())
    for line in every:
        if fence := FENCE.match(line):
            end()
            inside = list(iter(lambda: next(every, "```"), "```"))
            lines += _fenced(fence[1] or "", fence[2], inside, columns)
        elif not line:
            end()
            lines.append("")
        elif line.startswith("!["):
            end()
            lines += wrapped(f"(picture: {line[2:].partition(']')[0]})", columns)
        elif line.startswith(OWN):
            end()
            lines += wrapped(line, columns) if line.startswith(("#", "|")) else fitted(line, columns)
        else:
            if line.startswith("* "):
                end()
            paragraph.append(line)
    end()
    return "\n".join(lines)


def _fenced(kind: str, name: str, inside: list[str], columns: int) -> list[str]:
    """`[name]` and the formula; `>` before what was executed; a planted mistake says so."""
    options = [match for line in inside if (match := OPTION.match(line))]
    parts = RULE.split("\n".join(line for line in inside if not OPTION.match(line)))
    formula, *executed = (part.strip("\n").splitlines() for part in parts)
    lines = wrapped({"step": f"[{name}]", "given": f"given {name}:", "mistake": f"a known mistake at [{name}]:"}
                    .get(kind, name), columns, "    ")
    for option in options:
        lines += wrapped(f"{option[1]}: {option[2]}", columns, "    ")
    for line in formula:
        lines += wrapped(line, columns, "    ") if kind == "mistake" else fitted(f"    {line}", columns)
    for part in executed:
        for line in part:
            lines += fitted(f"    > {line}", columns)
    return [line for line in lines if line.strip()]
