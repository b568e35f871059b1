"""Public libraries at pinned versions: the record names each, and the long run asks those that are installed again."""

import importlib
import json
from pathlib import Path

import pytest

from refdgm import CATALOGUE

ROOT = Path(__file__).parents[2]
LIBRARIES = sorted(path.stem.removeprefix("in_")
                   for path in (ROOT / "validation" / "candidates" / "peers").glob("in_*.py"))  # fmt: skip


@pytest.fixture(scope="module")
def peers():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        yield importlib.import_module("validation.make.peers")


@pytest.fixture(scope="module")
def record(peers):
    return json.loads(peers.RECORD.read_text(encoding="utf-8"))


def test_the_record_is_of_these_versions(peers, record):
    assert list(record) == LIBRARIES == list(peers.MODULES)
    assert {library: it["version"] for library, it in record.items()} == {
        library: version for library, version in peers.pins().items() if library in LIBRARIES}
    assert all(it["functions"] and set(it["functions"]) <= set(CATALOGUE) for it in record.values())


def test_the_table_is_made_of_the_record(peers, record):
    table = peers.RECORD.with_suffix(".md").read_text(encoding="utf-8")
    assert table == peers.text(record), "python validation/make/peers.py --table"


def test_what_differs_is_told_by_its_name(record):
    """With the mistake that it equals, and on the page of public code."""
    told = (ROOT / "docs" / "public-code.md").read_text(encoding="utf-8")
    for library, it in record.items():
        for name, row in it["functions"].items():
            verdict, _, why = row["verdict"].partition(": ")  # why, where the entry expects it
            assert verdict in ("agrees", "loses digits", "agrees in part", "differs", "differs as expected")
            called = f"{library} {it['version']}", f"{library.replace('_', '-')} {it['version']}"
            right = not verdict.startswith("differs")
            named = row["equals"] or (why and why in told)
            assert right or (named and any(words in told for words in called)), name


@pytest.mark.long
@pytest.mark.parametrize("library", [pytest.param(name, marks=pytest.mark.needs(name)) for name in LIBRARIES])
def test_what_they_agree_with(peers, record, library):
    assert peers.installed(library)
    assert peers.asked(library) == record[library]["functions"]
