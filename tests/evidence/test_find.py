"""Evidence is found by path: by the folder of its concept and nothing else, in the order of the catalogue."""

import subprocess
import sys

import pytest

from refdgm import CATALOGUE
from refdgm.evidence import find
from refdgm.evidence.ask import NOTES

COUNT = """
import sys
from refdgm.catalogue import CATALOGUE
from refdgm.cli.show import show
print(show(CATALOGUE["softplus"])[:8])
from refdgm.evidence.find import asks, mistakes, notes, rewrites, variants
mistakes("softplus"), rewrites("softplus"), variants("softplus"), asks("softplus"), notes("softplus")
print(*sorted(name for name in sys.modules if name.startswith("refdgm.evidence.") and name.count(".") > 2))
"""


def test_one_reference_imports_the_folder_of_its_concept_alone():
    ran = subprocess.run([sys.executable, "-W", "error", "-c", COUNT], capture_output=True, text=True, check=True)
    shown, modules = ran.stdout.splitlines()
    assert shown == "softplus"
    assert modules.split() == [
        "refdgm.evidence.primitives.softplus", *(f"refdgm.evidence.primitives.softplus.{kind}" for kind in
                                                 ("cases", "mistakes", "rewrites"))]  # fmt: skip


@pytest.mark.parametrize("found", [find.mistakes, find.rewrites, find.variants], ids=lambda found: found.__name__)
def test_all_are_those_of_each(found):
    """None twice, and none of another reference that stands in the same file or is only imported there."""
    told = [getattr(one, "name", "") or f"{one.reference}/{one.convention}" for one in found()]
    each = [one for name in CATALOGUE for one in found(name)]
    assert len({*told}) == len(told) == len(each)
    assert all(one.reference == name for name in CATALOGUE for one in found(name))


def test_the_order_is_that_of_the_catalogue():
    order = list(CATALOGUE)
    for found in (find.mistakes(blind=False), find.mistakes(blind=True), find.rewrites(), find.variants()):
        places = [order.index(one.reference) for one in found]
        assert places == sorted(places)


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"kind must be one of definition, mistakes, .*, got 'mistake'"):
        find.module("primitives.softplus", "mistake")


def test_a_flag_means_the_same_everywhere():
    """And every flag of a case is explained: beside its list, or for all of them."""
    known = dict(NOTES)
    for name in CATALOGUE:
        notes = find.notes(name)
        assert all(known.setdefault(flag, why) == why for flag, why in notes.items()), name
        assert {flag for ask in find.asks(name) for flag in ask.flags} <= notes.keys(), name


def test_no_note_is_left_over():
    used = {flag for name in CATALOGUE for ask in find.asks(name) for flag in ask.flags}
    assert used == {flag for name in CATALOGUE for flag in find.notes(name)}


def test_the_cases_of_a_concept_are_those_of_its_references():
    for concept in find.concepts():
        asked = find.module(concept, "cases").CASES
        assert list(asked) == [name for name in CATALOGUE if find.concept(name) == concept]
