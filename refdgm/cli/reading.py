"""A page of the derivations as a terminal shows it: set in its width, each step a formula with what was executed."""

import re

from refdgm.cli.wide import fitted, wrapped

SUMMARY = re.compile(r"^<details><summary>(\S+) <code>(.*)</code></summary>$")
OPTION = re.compile(r"^# (from|tol|because|code|float64): ")
FORMULA = re.compile(r"\$`([^`\n]+)`\$")  # a formula of a line, where Markdown would take its signs for its own
OWN = ("#", "|", "    ", "$$")  # lines that stand by themselves
SAID = {"given": "given {}:", "⚠": "which makes of [{}]:"}


def readable(text: str, columns: int) -> str:
    """The page in lines of at most so many columns, but for names and paths that are wider."""
    lines: list[str] = []
    paragraph: list[str] = []

    def end() -> None:
        if paragraph:
            item = paragraph[0].startswith("* ")
            lines.extend(wrapped(" ".join(part.removeprefix(">").strip() for part in paragraph).removeprefix("* "),
                                 columns, "* " if item else ""))
            paragraph.clear()

    every = iter(FORMULA.sub(r"$\1$", text).splitlines())
    for line in every:
        if line.startswith("```"):
            end()
            inside = list(iter(lambda: next(every, "```"), "```"))
            lines += _fenced(line.removeprefix("```"), inside, columns)
        elif summary := SUMMARY.match(line):
            next(every)  # the empty line below it
            lines += wrapped(SAID.get(summary[1], "[{}]").format(summary[2]), columns, "    ")
        elif not line or line == "</details>":
            end()
            if lines and lines[-1]:
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


def _fenced(language: str, inside: list[str], columns: int) -> list[str]:
    """A formula, or `>` before what was executed, with what is said of it."""
    lines: list[str] = []
    for line in inside:
        if language == "python" and OPTION.match(line):
            lines += wrapped(line.removeprefix("# "), columns, "    ")
        else:
            lines += fitted(f"    {'> ' if language == 'python' else ''}{line}", columns)
    return [line for line in lines if line.strip()]
