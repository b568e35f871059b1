"""The order of study in the manual: on every derivation what it rests on, and the drawing with names that are links."""

import re
from pathlib import Path

import study as order
from docutils import nodes


def told(app, docname, source):
    """What a derivation rests on and leads to, below its title."""
    page = docname.removeprefix("derivations/")
    if docname == page or page not in order.rests():
        return
    lines = [f"{word} {', '.join(f'[{other}]({other}.md)' for other in others)}."
             for word, others in (("Rests on", order.rests()[page]), ("Leads to", order.leads()[page])) if others]
    if lines:
        source[0] = re.sub(r"^(# .*)$", lambda m: f"{m[1]}\n\n*{' '.join(lines)}*", source[0], count=1, flags=re.M)


def inlined(app, doctree):
    """The drawing as part of the page, so that it has the page's colours and its names lead somewhere."""
    for image in list(doctree.findall(nodes.image)):
        if Path(image["uri"]).name == "study.svg":
            image.parent.replace(image, nodes.raw("", order.drawing().replace(order.LOOK, ""), format="html"))


def setup(app):
    app.connect("source-read", told)
    app.connect("doctree-read", inlined)
