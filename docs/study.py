"""The order of study: the list in `study.md` and the drawing beside it, both from `study.json`.

    python docs/study.py            writes both again

`study.json` has the parts, in them the pages of `derivations`, and of each page those that it rests on. A page stands
below all that it rests on.
"""

import json
from html import escape
from pathlib import Path

DOCS = Path(__file__).resolve().parent
BEGIN, END = "<!-- what follows is made by docs/study.py -->", "<!-- and ends here -->"
WIDTH, LINE, HEIGHT, GAP, TITLE = 760, 46, 20, 9, 26
LOOK = """<style>
svg.study { color: #222; --paper: #fff; background: var(--paper) }
@media (prefers-color-scheme: dark) { svg.study { color: #ddd; --paper: #131416 } }
</style>
"""  # as a file; the manual has its own colours
SHAPES = """<style>
svg.study { font: 10.5px system-ui, sans-serif }
.study rect { fill: var(--paper); stroke: currentColor; stroke-opacity: .55 }
.study .else rect { stroke-dasharray: 3 3 }
.study text { fill: currentColor; text-anchor: middle }
.study .else text { fill-opacity: .6 }
.study text.part { text-anchor: start; font-weight: 600 }
.study path { fill: none; stroke: currentColor; stroke-opacity: .4 }
</style>
"""


def parts():
    """Part by part, page by page, what it rests on."""
    return json.loads((DOCS / "study.json").read_text(encoding="utf-8"))


def rests():
    """Of every page the pages that it rests on."""
    return {page: needs for part in parts().values() for page, needs in part.items()}


def leads():
    """Of every page those that rest on it."""
    of = rests()
    return {page: [other for other, needs in of.items() if page in needs] for page in of}


def faults(pages):
    """What is wrong with the order, given the pages that there are: a sentence each."""
    told, listed = [], [page for part in parts().values() for page in part]
    for page in sorted({*pages} - {*listed}):
        told.append(f"derivations/{page}.md has no place in docs/study.json: give it one, with what it rests on")
    for page in sorted({page for page in listed if page not in pages or listed.count(page) > 1}):
        told.append(f"{page} in docs/study.json is no page of docs/derivations, or stands there twice")
    seen = set()
    for page, needs in rests().items():
        for need in needs:
            if need not in seen:
                where = "stands below it, or is itself" if need in listed else "is no page"
                told.append(f"in docs/study.json {page} rests on {need}, which {where}")
        seen.add(page)
    return told


def listing():
    """The list, a line a page."""
    lines = []
    for part, pages in parts().items():
        lines += [f"## {part}", ""]
        for page, needs in pages.items():
            on = ", ".join(f"[{need}](derivations/{need}.md)" for need in needs)
            lines.append(f"* [{page}](derivations/{page}.md)" + (f" rests on {on}" if on else ""))
        lines.append("")
    return "\n".join(lines)


# --- the drawing -----------------------------------------------------------------------------------------------------


def above(page, of):
    """All that a page rests on, and what that rests on."""
    return {each for need in of[page] for each in (need, *above(need, of))}


def drawn_edges(pages, of):
    """(from, to) of one part, without those that a longer way says already."""
    return [(need, page) for page in pages for need in of[page]
            if not any(need in above(other, of) for other in of[page] if other != need and other in pages)]


def depths(pages, edges):
    """Lines from the top: below all that it rests on; what belongs to other parts just above its first use."""
    depth = {}
    for page in pages:
        depth[page] = max((depth.get(need, 0) + 1 for need, to in edges if to == page), default=0)
    for need, _ in edges:
        if need not in pages:
            depth[need] = min(depth[to] for by, to in edges if by == need) - 1
    return depth


def place(pages, edges, top):
    """Boxes (x, y, width) by page, and where the next part begins."""
    depth, boxes, y = depths(pages, edges), {}, top
    for level in range(max(depth.values()) + 1):
        row = [page for page in depth if depth[page] == level]
        middle = {page: [boxes[need][0] + boxes[need][2] / 2 for need, to in edges if to == page and need in boxes]
                  for page in row}
        row.sort(key=lambda page: sum(middle[page]) / len(middle[page]) if middle[page] else 0)
        while row:
            taken = []
            while row and sum(width(page) + GAP for page in [*taken, row[0]]) <= WIDTH:
                taken.append(row.pop(0))
            x = (WIDTH - sum(width(page) + GAP for page in taken) + GAP) / 2
            for page in taken:
                boxes[page] = (x, y, width(page))
                x += width(page) + GAP
            y += LINE
    return boxes, y


def width(page):
    return 5.6 * len(page) + 14


def drawing():
    """All parts, one below the other, as SVG; names are links."""
    of, lines, y = rests(), [], 8
    for part, pages in parts().items():
        edges = drawn_edges(pages, of)
        boxes, below = place(pages, edges, y + TITLE)
        lines.append(f'<text class="part" x="0" y="{y + 12}">{escape(part)}</text>')
        for need, page in edges:
            (x0, y0, w0), (x1, y1, w1) = boxes[need], boxes[page]
            a, b, c, d = x0 + w0 / 2, y0 + HEIGHT, x1 + w1 / 2, y1
            lines.append(f'<path d="M{a:.0f} {b}C{a:.0f} {b + 16} {c:.0f} {d - 16} {c:.0f} {d}"/>')
        for page, (x, top, wide) in boxes.items():
            kind = "" if page in pages else ' class="else"'
            lines.append(f'<a href="derivations/{page}.html"{kind}><rect x="{x:.0f}" y="{top}" width="{wide:.0f}" '
                         f'height="{HEIGHT}" rx="4"/><text x="{x + wide / 2:.0f}" y="{top + 14}">{page}</text></a>')
        y = below
    return (f'<svg class="study" xmlns="http://www.w3.org/2000/svg" viewBox="-4 0 {WIDTH + 8} {y}" role="img" '
            f'aria-label="What rests on what">\n{LOOK}{SHAPES}' + "\n".join(lines) + "\n</svg>\n")


def page_text():
    """`study.md` with the list that belongs there."""
    before, _, rest = (DOCS / "study.md").read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n\n{listing()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    (DOCS / "study.md").write_text(page_text(), encoding="utf-8")
    (DOCS / "study.svg").write_text(drawing(), encoding="utf-8")
