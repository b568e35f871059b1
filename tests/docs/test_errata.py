"""The errata: each says where it was printed and of what kind it is, and has the printed formula caught."""

import re
import sys
from pathlib import Path

import pytest

pytest.importorskip("mpmath")
DOCS = Path(__file__).resolve().parents[2] / "docs"
if str(DOCS) not in sys.path:
    sys.path.append(str(DOCS))  # as a program has its folder there

import check_derivations as program  # noqa: E402
from derivation_checker import form  # noqa: E402
from derivation_checker.page import Mistake, Step  # noqa: E402

TEXT = program.ERRATA.read_text(encoding="utf-8")
ENTRIES = {part.partition("\n")[0]: part for part in re.split(r"^### ", TEXT, flags=re.M)[1:]}


@pytest.mark.parametrize("title", ENTRIES)
def test_every_entry_has_a_place_a_kind_and_an_experiment(title):
    """Of whom it is, wrong or under a condition; one definition, the right form, the printed one."""
    said = ENTRIES[title].split("\n\n")[1]
    assert re.match(r"\*(Survey|11 \(2024\)|13 \(202[23]\))\*", said), said
    assert re.search(r"\b(wrong|ambiguous|a condition)\b", said), said
    kinds = [kind for _, kind, _, _ in form.blocks(ENTRIES[title])]
    assert (kinds.count(form.START), kinds.count(form.CHECKED)) == (1, 1) and kinds.count("⚠") >= 1


def test_the_page_is_run_with_all_others():
    assert program.ERRATA in program.pages() and program.pages(["errata"]) == [program.ERRATA]
    page = form.parse(TEXT)
    assert {m.step for m in page.of(Mistake)} == {s.name for s in page.of(Step) if s.against}
