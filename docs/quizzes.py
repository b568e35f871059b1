"""Two lines, one of them a mistake that is planted on a derivation page: which? The quizzes of `exercises.md`.

    python docs/quizzes.py          writes them again, each between its marks

A mark names the page and the step, `<!-- quiz softmax bar-closed -->`; nothing that stands below it is written by hand.
"""

import re
import sys
from hashlib import sha256
from pathlib import Path

from derivation_checker.form import parse
from derivation_checker.page import Given, Mistake

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "exercises.md"
MARKED = re.compile(r"^<!-- quiz (\S+) (\S+) -->\n.*?^<!-- and ends here -->$", re.M | re.S)


def quiz(page, name):
    """The objects, the step before, the two expressions in an order that a hash fixes, which is wrong, and why."""
    parsed = parse((DOCS / "derivations" / f"{page}.md").read_text(encoding="utf-8"), page)
    before = [block for block in parsed.blocks[: parsed.blocks.index(parsed.step(name))] if isinstance(block, Given)]
    mistake = next(one for one in parsed.of(Mistake) if one.step == name)
    lines = [parsed.step(name).expression, mistake.expression]
    wrong = sha256(f"{page}/{name}".encode()).digest()[0] % 2
    return before[-1], parsed.step(parsed.step(name).against), lines[::-1] if wrong == 0 else lines, wrong, mistake.why


def code(text):
    return f"```python\n{text.strip()}\n```\n"


def folded(summary, text):
    return f"<details><summary>{summary}</summary>\n\n{text}\n</details>\n"


def asked(page, name):
    """A quiz as Markdown: the line before, two that may follow, and which is wrong for whoever opens it."""
    given, before, lines, wrong, why = quiz(page, name)
    answer = (f"**{'AB'[wrong]}** is wrong. {why} Seen by the comparison with the line before, at random points:\n"
              f"[{page}](derivations/{page}.md), at `{name}`.\n")
    parts = ["After\n", f"```math\n{before.tex.removeprefix('=').strip()}\n```\n", code(before.expression),
             folded("Objects of this chain", code(given.source)), "comes one of these:\n", "**A**\n", code(lines[0]),
             "**B**\n", code(lines[1]), folded("Which is wrong?", answer)]
    return f"<!-- quiz {page} {name} -->\n\n" + "\n".join(parts) + "\n<!-- and ends here -->"


def written(text):
    """The page with every quiz as it is to be."""
    return MARKED.sub(lambda match: asked(match[1], match[2]), text)


def main():
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
