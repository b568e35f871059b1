"""The page of systems tells what stands, and what a row lacks."""

import re
from pathlib import Path

import pytest

from refdgm import CATALOGUE

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "systems.md").read_text(encoding="utf-8")
INDEX = (DOCS / "derivations" / "README.md").read_text(encoding="utf-8")
JUDGED = (DOCS / "public-code.md").read_text(encoding="utf-8")
MANY = {"A": 6, "B": 7, "C": 11, "D": 17, "S": 9, "F": 8, "G": 9, "V": 7, "M": 9}
ABOVE, _, BEYOND = PAGE.partition("## Beyond")
BEYOND, _, LOOKED = BEYOND.partition("## Looked for")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]]
        for line in ABOVE.splitlines() if re.match(r"\| [A-Z]\d", line)]
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
NOTHING = "—"


def names(cell):
    return re.findall(r"`(\w+)`", cell)


def linked(cell):
    return re.findall(r"\[(\w+)\]\(derivations/\1\.md\)", cell)


def derived(name):
    """The pages that the index of the derivations names for a reference."""
    return {line.split("[")[1].split("]")[0] for line in INDEX.splitlines()
            if line.startswith("| [") and f"`{name}`" in line.rsplit("|", 2)[1]}


def test_every_row_once():
    assert [row[0] for row in ROWS] == [f"{part}{n}" for part, many in MANY.items() for n in range(1, many + 1)]


@each
def test_what_a_row_names_is_there_and_what_is_not_there_it_says(row):
    _, what, references, pages, judged, lacks = row
    assert what and set(names(references)) <= CATALOGUE.keys()
    assert set(linked(pages)) == {page for name in names(references) for page in derived(name)}
    assert (references == NOTHING) == (pages == NOTHING) == lacks.startswith("a reference")
    told = [peer for peer in judged.split(", ") if peer != NOTHING]
    assert all(peer.lower() in JUDGED.lower() for peer in told)
    if references != NOTHING and not told:
        assert lacks.startswith(("no peer: ", "a law"))
    assert lacks != "nothing" or (references != NOTHING and told)


def test_a_row_without_a_peer_says_where_one_was_looked_for():
    """One line of its table for each row that says so, and none for another."""
    looked = {cells[1].strip(): cells[3].strip() for cells in (line.split("|") for line in LOOKED.splitlines())
              if len(cells) > 3 and re.match(r"[A-Z]\d", cells[1].strip())}
    assert list(looked) == [row[0] for row in ROWS if row[5].startswith("no peer")]
    assert all("(#looked-for-and-not-found)" in row[5] for row in ROWS if row[5].startswith("no peer"))
    assert all(re.search(r"\d\.\d|`[0-9a-f]{7,}`|/\w", why) for why in looked.values())
    assert all(row[5] == "nothing" or row[5].startswith(("no peer", "a law", "a reference")) for row in ROWS)


def test_every_reference_is_named():
    named = {name for line in ABOVE.splitlines() if line.startswith("|") for name in names(line.split("|")[3])}
    named |= set(names(BEYOND))
    assert named == set(CATALOGUE)


def test_the_counts():
    served = [row for row in ROWS if row[2] != NOTHING]
    whole = [row for row in served if row[5] == "nothing"]
    told = f"Of {len(ROWS)} rows {len(served)} are served by references, and {len(whole)} of these lack nothing."
    assert told in PAGE
