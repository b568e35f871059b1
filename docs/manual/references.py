"""A page of every reference, from its declaration, docstring, evidence and records; nothing is written twice.

`references/<name>.md` and the index of families are laid when a build begins and hold a title and a directive; the
directive makes the page. They are reached from the index, the derivations and the search, not from the sidebar, whose
tree would be made anew for each of them.
"""

import inspect
import json
import re
import sys
from functools import cache
from html import escape
from pathlib import Path

from derivation_checker.form import parse
from derivation_checker.page import Step
from docutils import nodes
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from refdgm.catalogue import CATALOGUE, FAMILIES
from refdgm.cli.show import derivative_of, domain_of, theirs, vectors_of
from refdgm.evidence import find

from .derivations import fold

ROOT = Path(__file__).resolve().parents[2]
ORPHAN = "---\norphan: true\n---\n\n"
RECORDS = ("accuracy", "attacks", "audit", "peers", "speed")  # that pages of the manual lead to
LINKED = re.compile(r"\[([^]]+)\]\([^)]*\)")  # from there nothing leads back
NUMBERS = re.compile(r"\((\d+[a-z]?)\)")


# --- the files -------------------------------------------------------------------------------------------------------


def lay(app):
    """The files that the directive fills, and the index of families; what has not changed keeps its time."""
    folder = Path(app.srcdir) / "references"
    folder.mkdir(exist_ok=True)
    pages = {f"{name}.md": f"{ORPHAN}# {name}\n\n```{{reference}} {name}\n```\n\n"
                           f"In the list of sources: {{cite:t}}`{ref.source}`.\n" for name, ref in CATALOGUE.items()}
    pages["index.md"] = _index()
    for record in RECORDS:
        path = ROOT / "validation" / "reports" / f"{record}.md"
        pages[f"{record}.md"] = ORPHAN + LINKED.sub(r"`\1`", path.read_text(encoding="utf-8"))
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _index():
    parts = ["# References\n\nEvery function with its gradients, by family. Below each family stands what the field "
             "writes otherwise and `refdgm check` knows. What letters mean: [notation](../notation.md).\n"]
    held = _held()
    for family, functions in FAMILIES.items():
        rows = "\n".join(f"| [{ref.name}]({ref.name}.md) | {_first(ref)} |" for ref in functions)
        parts.append(f"## {family}\n\n{held.get(family, '')}\n\n| reference | what it is |\n|---|---|\n{rows}\n")
        known = {}
        for ref in functions:
            for word in (*ref.conventions, *ref.exchanges, *(v.convention for v in find.variants(ref.name))):
                known.setdefault(word, []).append(f"[{ref.name}]({ref.name}.md)")
        if known:
            rows = "\n".join(f"| {_safe(word)} | {', '.join(dict.fromkeys(of))} |" for word, of in known.items())
            parts.append(f"| convention | of |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def _held():
    """What holds in a whole family, from the page of notation."""
    page = (ROOT / "docs" / "notation.md").read_text(encoding="utf-8")
    lines = page.partition("## By family\n")[2].partition("\n## ")[0].strip().splitlines()
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {family: "; ".join(f"*{what}*: {said}" for what, said in zip(head[1:], cells, strict=True) if said != "–")
            for family, *cells in rows}


def _first(ref):
    """The first sentence of a docstring, safe in a table of Markdown."""
    return _safe(" ".join((inspect.getdoc(ref.body) or "").split("\n\n")[0].split()))


def _safe(text):
    return re.sub(r"([|*_`<$\\])", r"\\\1", text)


# --- a page ----------------------------------------------------------------------------------------------------------


class ReferencePage(SphinxDirective):
    required_arguments = 1

    def run(self):
        ref = CATALOGUE[self.arguments[0]]
        return [*self._docstring(ref), *self._arguments(ref), *self._gradient(ref), *self._conventions(ref),
                *self._derivation(ref), *self._code(ref), *self._mistakes(ref), *self._certified(ref)]

    def _docstring(self, ref):
        """Paragraphs as such, indented blocks as equations whose numbers lead to the code."""
        made, numbers = [], _numbers(ref)
        for block in re.split(r"\n{2,}", inspect.getdoc(ref.body) or ""):
            if block.startswith("    "):
                text = escape(inspect.cleandoc(block))
                text = re.sub(r"\((\d+[a-z]?)\)$", lambda m: _anchor(m, numbers, "eq", "code"), text, flags=re.M)
                made.append(nodes.raw("", f'<pre class="equations">{text}</pre>', format="html"))
            elif not block.startswith("Source: "):
                made.append(nodes.paragraph("", " ".join(block.split())))
        module = ref.body.__module__
        made.append(nodes.paragraph("", "", nodes.literal("", f"from {module} import {ref.name}")))
        return made

    def _arguments(self, ref):
        rows = [(name, domain_of(domain), domain.meaning) for name, domain in ref.args.items()]
        results = [(name, domain_of(array), array.meaning) for name, array in ref.result.items()]
        made = [nodes.rubric("", "Arguments"), _table(("argument", "shape and values", "meaning"), rows)]
        made += [nodes.paragraph("", f"{symbol}: {bound}, for {bound.why}.") for symbol, bound in ref.bounds.items()]
        made += [nodes.rubric("", "Result"), _table(("result", "shape and values", "meaning"), results)]
        return made

    def _gradient(self, ref):
        if not ref.differentiable:
            text = "None: its value is all there is."
        else:
            text = f"With respect to {', '.join(ref.wrt)}, {derivative_of(ref)}."
            if ref.hyper:
                text += f" Of these {', '.join(ref.hyper)} are hyper-parameters, which few differentiate."
        return [nodes.rubric("", "Gradient"), nodes.paragraph("", text)]

    def _conventions(self, ref):
        rows = [(name, "; ".join(f"theirs = {theirs(map_, where)}" for where, map_ in maps.items()))
                for name, maps in ref.conventions.items()]
        rows += [(name, f"theirs = {one.words}") for name, one in ref.exchanges.items()]
        rows += [(variant.convention, variant.what) for variant in find.variants(ref.name)]
        if not rows:
            return []
        return [nodes.rubric("", "Conventions of the field"), nodes.paragraph("", "", nodes.Text(
            "Right code under another definition; "), nodes.literal("", "refdgm check"), nodes.Text(" knows it.")),
                _table(("convention", "what differs"), rows)]

    def _derivation(self, ref):
        """The steps of the derivation pages that the function computes."""
        found = []
        for page, reached in _derivations().get(ref.name, {}).items():
            line = nodes.paragraph("", "", self._page(f"/derivations/{page}", page), nodes.Text(
                ", step " if len(reached) == 1 else ", steps "))
            for number, name in enumerate(reached):
                line += nodes.Text(", " if number else "")
                line += nodes.raw("", f'<a href="../derivations/{page}.html#step-{name}">{name}</a>', format="html")
            found.append(nodes.list_item("", line))
        return [nodes.rubric("", "Derived on"), nodes.bullet_list("", *found)] if found else []

    def _code(self, ref):
        numbers = _numbers(ref)
        marked = re.sub(r'(<span class="c1">[^<]*</span>)',
                        lambda c: NUMBERS.sub(lambda m: _anchor(m, numbers, "code", "eq"), c[1]),
                        highlight(_bare(ref), PythonLexer(), HtmlFormatter()))
        whole = inspect.getsource(sys.modules[ref.body.__module__])
        return [nodes.rubric("", "Code"), nodes.raw("", marked, format="html"),
                fold(f"all of {ref.body.__module__}", "module", nodes.raw(
                    "", highlight(whole, PythonLexer(), HtmlFormatter()), format="html"))]

    def _mistakes(self, ref):
        known = find.mistakes(ref.name)
        items = []
        for one in known:
            line = nodes.paragraph("", "", nodes.literal("", one.name.partition("/")[2]), nodes.Text(f": {one.what}"))
            if one.seen:
                line += nodes.Text(f" Seen in {one.seen}.")
            items.append(nodes.list_item("", line))
        return [nodes.rubric("", "Known mistakes"),
                nodes.paragraph("", "Each is planted, and found by the certified cases or by fresh ones."),
                fold(f"{len(known)} mistakes", "mistakes", nodes.bullet_list("", *items))]

    def _certified(self, ref):
        text = f"{vectors_of(ref)}. "
        record = ROOT / "validation" / "reports" / "accuracy" / f"{ref.name}.json"
        if record.is_file():
            levels = json.loads(record.read_text(encoding="utf-8"))
            worst = max(figure["scaled"] for level in levels.values()
                        for figure in level["refdgm"]["figures"].get("float64", {}).values())
            text += f"On them the largest error in float64 is {worst:.2g}, scaled as the record has it: "
            return [nodes.rubric("", "Certified"),
                    nodes.paragraph("", "", nodes.Text(text), self._page("/references/accuracy", "accuracy"))]
        return [nodes.rubric("", "Certified"), nodes.paragraph("", text)]

    def _page(self, target, title):
        return addnodes.pending_xref("", nodes.inline("", title), reftype="doc", refdomain="std", refexplicit=True,
                                     reftarget=target, refwarn=True, refdoc=self.env.docname)


@cache
def _derivations():
    """The steps that a function of the package computes: by function, then by page."""
    found = {}
    for path in sorted((ROOT / "docs" / "derivations").glob("*.md")):
        if path.name != "README.md":
            for step in parse(path.read_text(encoding="utf-8"), path.name).of(Step):
                function = step.fields.get("code", "").rpartition(":")[2]
                found.setdefault(function, {}).setdefault(path.stem, []).append(step.name)
    return found


def _bare(ref):
    """The code of a body without its docstring."""
    return re.sub(r'\n    """.*?"""', "", inspect.getsource(ref.body), count=1, flags=re.S)


def _numbers(ref):
    """The equations that stand at the end of a line of the docstring and in a comment of the body, each with whether it
    has been met on this side."""
    told = set(re.findall(r"\((\d+[a-z]?)\)$", inspect.getdoc(ref.body) or "", re.M))
    done = {number for comment in re.findall(r"#.*", _bare(ref)) for number in NUMBERS.findall(comment)}
    return dict.fromkeys(told & done, False)


def _anchor(match, numbers, here, there):
    """A number that leads to its other place, where it has one; the first here is the one that is led to."""
    number = match[1]
    if number not in numbers:
        return match[0]
    place = "" if numbers[number] else f' id="{here}-{number}"'
    numbers[number] = True
    return f'<a class="eq"{place} href="#{there}-{number}">({number})</a>'


def _table(head, rows):
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
    group += nodes.thead("", _row(head, plain=True))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group)


def _row(cells, plain=False):
    first, *rest = cells
    entries = [nodes.entry("", nodes.paragraph("", "", nodes.Text(first) if plain else nodes.literal("", first)))]
    return nodes.row("", *entries, *(nodes.entry("", nodes.paragraph("", cell)) for cell in rest))


def linked(app, doctree):
    """The name of a reference, wherever it stands in code, leads to its page."""
    here = app.env.docname
    for literal in list(doctree.findall(nodes.literal)):
        name = literal.astext()
        if name in CATALOGUE and here != f"references/{name}" and not isinstance(literal.parent, nodes.reference
                                                                                 | addnodes.pending_xref):
            literal.replace_self(addnodes.pending_xref(
                "", nodes.literal("", name), reftype="doc", refdomain="std", refexplicit=True,
                reftarget=f"/references/{name}", refwarn=True, refdoc=here))


def recorded(app, docname, source):
    """Links to a record lead to its copy in the manual."""
    source[0] = re.sub(r"\]\((?:\.\./)+validation/reports/(\w+)\.md", r"](/references/\1.md", source[0])


def setup(app):
    app.connect("builder-inited", lay)
    app.connect("source-read", recorded)
    app.connect("doctree-read", linked)
    app.add_directive("reference", ReferencePage)
