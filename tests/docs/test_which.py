"""The page of functions by library is that of the aliases."""

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
if str(DOCS) not in sys.path:
    sys.path.append(str(DOCS))  # as a program has its folder there

import which  # noqa: E402

from refdgm import CATALOGUE  # noqa: E402
from refdgm.evidence.aliases import aliases  # noqa: E402

PAGE = which.PAGE.read_text(encoding="utf-8")


def test_the_page_is_that_of_the_aliases():
    assert which.text() == PAGE, "run python docs/which.py"


def test_every_function_stands_there_with_its_reference():
    for name in CATALOGUE:
        for one in aliases(name):
            assert not one.library or f"| `{one.name}` | `{name}` | " in PAGE, one


def test_every_library_says_of_which_version():
    assert all(which.version(library) for library in which.libraries())
    assert which.LOOKED_UP.keys() <= which.libraries().keys() and not which.LOOKED_UP.keys() & which.pins().keys()


def test_the_manual_leads_to_it():
    assert "\nwhich-reference\n" in (DOCS / "index.md").read_text(encoding="utf-8")
