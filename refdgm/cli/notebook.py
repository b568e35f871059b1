"""What a notebook shows of a reference, in Markdown: what `refdgm show` prints, and nothing of the machine."""

import inspect
import re
from collections.abc import Mapping
from typing import Any

from refdgm.catalogue import CATALOGUE
from refdgm.cli.show import conventions_of
from refdgm.declaration.words import domain_of
from refdgm.evidence.pages import pages
from refdgm.reference import Reference

MARKUP = re.compile(r"[\\`*_{}\[\]|$~#]|^[-+](?=\s)|^(\d+)(?=[.)]\s)", re.MULTILINE)
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def page(ref: Reference) -> str:
    """Name, objective, equations, arguments and results with shapes and supports, conventions, where it is derived."""
    parts = [f"**{plain(ref.name)}**", *_docstring(inspect.getdoc(ref.body) or "")]
    parts += [_table("argument", ref.args), _table("result", ref.result)]
    if ref.wrt:
        parts.append(f"Gradients of {', '.join(map(_code, ref.wrt))}")
    if conventions := conventions_of(ref):
        parts.append("Conventions of the field:\n\n" + "\n".join(f"- {plain(line)}" for line in conventions))
    if CATALOGUE.get(ref.name) is ref and ref.name in pages():
        parts.append(f"Derivation: `refdgm docs {ref.name}`")
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """As it is: nothing of it is markup, HTML or a formula."""
    return MARKUP.sub(lambda found: f"{found[1]}\\" if found[1] else f"\\{found[0]}", text.translate(ENTITIES))


def _docstring(text: str) -> list[str]:
    """Prose as prose, and indented lines, which are equations, as they stand."""
    parts: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        lines: list[str] = []
        for line in block.splitlines():
            if lines and line.startswith("    ") != lines[-1].startswith("    "):
                parts.append(_block(lines))
                lines = []
            lines.append(line)
        if lines:
            parts.append(_block(lines))
    return parts


def _block(lines: list[str]) -> str:
    text = "\n".join(lines)
    if not lines[0].startswith("    "):
        spans = CODE.split(text)  # what stands in backticks is every second part
        return "".join(f"`{part}`" if at % 2 else plain(part) for at, part in enumerate(spans))
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}text\n{inspect.cleandoc(text)}\n{fence}"


def _table(head: str, domains: Mapping[str, Any]) -> str:
    rows = [(head, "what it may be", "meaning"), ("---",) * 3]
    rows += [(_code(name), plain(_may_be(domain)), plain(domain.meaning)) for name, domain in domains.items()]
    return "\n".join(f"| {' | '.join(row)} |".replace("\n", " ") for row in rows)


def _may_be(domain: Any) -> str:
    known = ", ".join(getattr(domain, "known", {}))
    return domain_of(domain) + (f": {known}, or one of one's own" if known else "")


def _code(name: str) -> str:
    return f"`{name}`"  # an identifier of Python: no backtick is in it
