"""The order of study has every derivation in its place, and what is made of it is what stands there."""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
if str(DOCS) not in sys.path:
    sys.path.append(str(DOCS))  # as a program has its folder there

import study  # noqa: E402

PAGES = [path.stem for path in (DOCS / "derivations").glob("*.md") if path.stem != "README"]
SMALL = {"first": {"a": [], "b": ["a"]}, "second": {"c": ["b"], "d": ["c", "a"]}}


def test_every_derivation_has_its_place_below_what_it_rests_on():
    """So there is no cycle, and each link leads to a page."""
    assert study.faults(PAGES) == []


@pytest.mark.parametrize("page", [page for page in PAGES if page in study.rests()])
def test_what_a_page_takes_over_it_rests_on(page):
    """What its conventions refer to, directly or by way of others; what no page of ours is."""
    text = (DOCS / "derivations" / f"{page}.md").read_text(encoding="utf-8")
    taken = {*re.findall(r"\]\((\w+)\.md", text.partition("**Conventions.**")[2].partition("\n## ")[0])}
    assert taken - study.above(page, study.rests()) == set(), f"docs/study.json: what {page} rests on"


def test_list_and_drawing_are_those_of_the_order():
    assert study.page_text() == (DOCS / "study.md").read_text(encoding="utf-8"), "run python docs/study.py"
    assert study.drawing() == (DOCS / "study.svg").read_text(encoding="utf-8"), "run python docs/study.py"


@pytest.fixture
def small(monkeypatch):
    order = json.loads(json.dumps(SMALL))
    monkeypatch.setattr(study, "parts", lambda: order)
    return order


@pytest.mark.parametrize(("change", "said"), [
    (lambda order: None, None),
    (lambda order: order["first"].pop("b"), "c rests on b, which is no page"),
    (lambda order: order["second"].pop("d"), "derivations/d.md has no place in docs/study.json"),
    (lambda order: order["second"].update(e=[]), "e in docs/study.json is no page"),
    (lambda order: order["second"].update(a=[]), "a in docs/study.json is no page of docs/derivations, or stands"),
    (lambda order: order["first"]["b"].append("c"), "b rests on c, which stands below it"),
    (lambda order: order["first"]["b"].append("b"), "b rests on b, which stands below it, or is itself"),
])
def test_what_is_wrong_is_said(small, change, said):
    change(small)
    told = study.faults("abcd")
    assert (told == []) if said is None else any(said in sentence for sentence in told)


def test_the_drawing_has_every_page_and_no_line_upwards(small):
    """Nor one that a longer way says: from a to d, over b and c."""
    svg = ElementTree.fromstring(study.drawing())
    space = "{http://www.w3.org/2000/svg}"
    names = [link.find(f"{space}text").text for link in svg.iter(f"{space}a")]
    assert names.count("a") == 1 and names.count("b") == 2 and {*names} == {*"abcd"}
    lines = [path.get("d") for path in svg.iter(f"{space}path")]
    assert len(lines) == 3
    for line in lines:
        numbers = [float(number) for number in re.findall(r"[\d.]+", line)]
        assert numbers[1] < numbers[-1]


def test_no_box_lies_on_another():
    of = study.rests()
    for pages in study.parts().values():
        boxes, _ = study.place(pages, study.drawn_edges(pages, of), 0)
        placed = sorted((y, x, wide) for x, y, wide in boxes.values())
        assert all(y0 < y1 or x0 + w0 < x1 for (y0, x0, w0), (y1, x1, _) in pairwise(placed))
        assert all(x >= 0 and x + wide <= study.WIDTH for _, x, wide in placed)
