"""The blocks of a derivation page as a reader wants them: objects folded, steps typeset, mistakes marked as such.

A page is written so that the host of a repository sets it too; here each of its blocks becomes a directive. The forms
are those of `check_derivations.py`, which executes the same text; nothing here evaluates anything.
"""

import re

from derivation_checker import page
from derivation_checker.form import blocks, parse
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from refdgm.catalogue import CATALOGUE


def index(app, docname, source):
    """The derivations in the order of their index, for the sidebar and for "next"."""
    if docname == "derivations/README":
        listed = "\n".join(re.findall(r"^\| \[(\w+)\]\(\w+\.md\)", source[0], re.M))
        source[0] += f"\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n"


RULE = re.compile(r"^---$", re.M)


def as_directives(app, docname, source):
    """Each block as one of the directives below, and the formulas of a line as MyST has them."""
    if (docname.startswith("derivations/") and docname != "derivations/README") or docname == "errata":
        text = source[0]
        for (match, *_), block in reversed(list(zip(blocks(text), parse(text, docname).blocks, strict=True))):
            text = text[:match.start()] + directive(block) + text[match.end():]
        source[0] = text
    source[0] = re.sub(r"\$`([^`\n]+)`\$", r"$\1$", source[0])


def directive(block):
    if isinstance(block, page.Given):
        return f"```{{given}} {block.name}\n{block.source}```"
    if isinstance(block, page.Mistake):
        return f"```{{mistake}} {block.step}\n{block.why}\n---\n{block.expression}\n```"
    options = {**block.fields, "begins": "yes"} if block.against is None else block.fields
    fields = "".join(f":{key}: {value}\n" for key, value in options.items())
    called = f"\n---\n{block.call}" if block.call else ""
    return f"```{{step}} {block.name}\n{fields}{block.tex}\n---\n{block.expression}{called}\n```"


class folded(nodes.General, nodes.Element):
    """What opens when its summary is clicked."""


def open_folded(self, node):
    self.body.append(f'<details class="{node["kind"]}"><summary>{node["summary"]}</summary>')


def close_folded(self, node):
    self.body.append("</details>")


def fold(summary, kind, *children):
    return folded("", *children, summary=summary, kind=kind)


def code(text, caption=""):
    block = nodes.literal_block(text, text, language="python")
    return [nodes.paragraph("", caption, classes=["caption"]), block] if caption else [block]


class Given(SphinxDirective):
    has_content, required_arguments = True, 1

    def run(self):
        return [fold("Objects of this chain, at random points", "given", *code("\n".join(self.content)))]


class Step(SphinxDirective):
    has_content, required_arguments = True, 1
    option_spec = dict.fromkeys(("from", "tol", "because", "code", "float64", "begins"), directives.unchanged)

    def run(self):
        name, options = self.arguments[0], self.options
        tex, expression, *call = (part.strip() for part in RULE.split("\n".join(self.content)))
        begins = "begins" in options
        inside = code(expression)
        if (against := options.get("from", "none")) != "none":
            step = nodes.reference("", "", nodes.literal("", against), refid=f"step-{against}", internal=True)
            inside.insert(0, nodes.paragraph("", "", nodes.Text("Compared with "), step, nodes.Text(".")))
        if "because" in options:
            inside.append(nodes.paragraph("", f"Taken for granted: {options['because']}.", classes=["because"]))
        mark = "begins a chain" if begins and not call else "checked to 40 digits"
        if call:
            function = options["code"].rpartition(":")[2]
            mark = f"checked to 40 digits, and computed by {function}"
            inside += code(call[0], "As the package computes it, in float64:")
            inside.append(nodes.paragraph("", "", self.link(function)))
        formula = nodes.math_block(tex, tex, nowrap=False, number=None)
        made = nodes.container("", formula, fold(mark, "checked", *inside),
                               classes=["step", "begins" if begins else "continues"], ids=[f"step-{name}"])
        self.state.document.note_explicit_target(made)
        return [made]

    def link(self, function):
        if function not in CATALOGUE:
            return nodes.literal("", function)
        return addnodes.pending_xref("", nodes.literal("", function), reftype="doc", refdomain="std",
                                     refexplicit=True, reftarget=f"/references/{function}", refwarn=True,
                                     refdoc=self.env.docname)


class Mistake(SphinxDirective):
    has_content, required_arguments = True, 1

    def run(self):
        why, expression = (part.strip() for part in RULE.split("\n".join(self.content)))
        said, messages = self.parse_inline(why)
        title = nodes.paragraph("", "Known mistake, caught here", classes=["title"])
        return [nodes.container("", title, nodes.paragraph("", "", *said), *messages,
                                fold("what stands there then", "wrong", *code(expression)), classes=["mistake"])]


def setup(app):
    app.connect("source-read", index)
    app.connect("source-read", as_directives)
    app.add_node(folded, html=(open_folded, close_folded))
    for name, directive in (("given", Given), ("step", Step), ("mistake", Mistake)):
        app.add_directive(name, directive)
