"""The files that the documents name are there, and the drawing of the rings is that of the tests."""

import importlib
import json
import re
from pathlib import Path

import pytest

from refdgm import FAMILIES

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("docs/architecture.md", "docs/adding-a-reference.md", "CONTRIBUTING.md")
FAMILY, NAME = "sde", "sde_coefficients"  # what stands for <family>, <concept> and <name> exists of it
PLACES = {"<family>": FAMILY, "<concept>": NAME, "<name>": NAME}
PATH = re.compile(
    r"`(?:python )?((?:refdgm|tests|validation|docs|\.ci)/[^\s`]*|[\w-]+\.md)"  # in code
    r"|^\s*python ([\w/]+\.py)|\]\(([^)#]+)\)",  # in a command, in a link
    re.MULTILINE)


def named(text):
    """Every path that a page names in code, in a command or by a link."""
    for match in PATH.finditer(text):
        code, command, link = match.groups()
        yield code or command or link, bool(link)


@pytest.mark.parametrize("page", PAGES)
def test_what_is_named_is_there(page):
    found = list(named((ROOT / page).read_text(encoding="utf-8")))
    assert len(found) > 5
    for path, is_link in found:
        for place, stands in PLACES.items():
            path = path.replace(place, stands)
        where = (ROOT / page).parent if is_link else ROOT
        assert (where / path).exists(), f"{page} names {path}, which is not there"


def test_the_search_for_paths_sees():
    text = "`refdgm/x.py`, `python validation/make/y.py --only z`\n    python docs/z.py all\n[a](b.md), `refdgm check`"
    assert list(named(text)) == [
        ("refdgm/x.py", False), ("validation/make/y.py", False), ("docs/z.py", False), ("b.md", True)]


def test_the_drawing_has_every_part():
    """Each folder and file of the package, but what is private to the command."""
    drawing = (ROOT / PAGES[0]).read_text(encoding="utf-8").split("```")[1]
    parts = [path.name for path in (ROOT / "refdgm").iterdir() if path.is_dir() and (path / "__init__.py").exists()]
    assert [part for part in (*parts, *FAMILIES) if not re.search(rf"\b{part}/", drawing)] == []


def test_the_long_run_names_what_is_there(monkeypatch):
    """And its table is made of its record."""
    monkeypatch.syspath_prepend(ROOT)
    long = importlib.import_module("validation.make.long")
    for _, command in long.COMMANDS.values():
        assert [part for part in command if "/" in part and not (ROOT / part).exists()] == []
    rows = json.loads((long.REPORTS / "long.json").read_text(encoding="utf-8"))
    assert rows.keys() <= long.COMMANDS.keys()
    assert (long.REPORTS / "long.md").read_text(encoding="utf-8") == long.table(rows)
