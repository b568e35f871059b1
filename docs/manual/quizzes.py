"""Two lines, one of them a planted mistake of a derivation page: which? Nothing of it is written twice."""

from hashlib import sha256
from pathlib import Path

from derivation_checker.form import parse
from derivation_checker.page import Given, Mistake, Step
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .derivations import code, fold

DERIVATIONS = Path(__file__).resolve().parents[1] / "derivations"


def quiz(page, name):
    """The objects, the step before, the two expressions in an order that a hash fixes, which is wrong, and why."""
    parsed = parse((DERIVATIONS / f"{page}.md").read_text(encoding="utf-8"), page)
    before = [block for block in parsed.blocks[: parsed.blocks.index(parsed.step(name))] if isinstance(block, Given)]
    mistake = next(one for one in parsed.of(Mistake) if one.step == name)
    lines = [parsed.step(name).expression, mistake.expression]
    wrong = sha256(f"{page}/{name}".encode()).digest()[0] % 2
    return before[-1], parsed.step(parsed.step(name).against), lines[::-1] if wrong == 0 else lines, wrong, mistake.why


class Quiz(SphinxDirective):
    required_arguments = 2

    def run(self):
        page, name = self.arguments
        given, before, lines, wrong, why = quiz(page, name)
        self.env.note_dependency(str(DERIVATIONS / f"{page}.md"))
        assert isinstance(before, Step)
        tex = before.tex.removeprefix("=").strip()
        said, messages = self.parse_inline(why)
        where = nodes.raw("", f'<a href="derivations/{page}.html#step-{name}">{page}, step {name}</a>', format="html")
        answer = nodes.paragraph("", "", nodes.strong("", "AB"[wrong]), nodes.Text(" is wrong. "), *said)
        seen = nodes.paragraph("", "", nodes.Text("Seen by the comparison with the line before, at random points: "),
                               where, nodes.Text("."))
        asked = [part for letter, line in zip("AB", lines, strict=True) for part in code(line, letter)]
        return [nodes.container("", nodes.paragraph("", "After"), nodes.math_block(tex, tex, nowrap=False, number=None),
                                *code(before.expression), fold("Objects of this chain", "given", *code(given.source)),
                                nodes.paragraph("", "comes one of these:"), *asked,
                                fold("Which is wrong?", "checked", answer, seen), *messages, classes=["quiz"])]


def setup(app):
    app.add_directive("quiz", Quiz)
