"""Right functions as the field writes them, by authors who had not seen what the check allows: none may be blamed.

Those that are blamed today are told in validation/corpus/blamed.py, and are exactly these.
"""

import importlib
import sys
from pathlib import Path

import pytest

from refdgm import CATALOGUE

from ..turns import in_turn

pytestmark = [
    pytest.mark.usefixtures("measured_together"),
    pytest.mark.needs("torch"),
    pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning"),
]
ROOT = Path(__file__).parents[2]
FAMILIES = sorted(path.stem for path in (ROOT / "validation" / "corpus").glob("*.py"))
FAMILIES = [name for name in FAMILIES if name not in ("__init__", "form", "running", "blamed")]


@pytest.fixture(scope="module")
def corpus():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))  # validation/ is no package of the wheel
        yield lambda name: importlib.import_module(f"validation.corpus.{name}")


def wrongly_told(corpus, family, how, every=1):
    """What is blamed and not told, or told and not blamed, with what the check says of it; in one case of so many, by
    turns, but in all where blame is told."""
    running, told = corpus("running"), corpus("blamed").BLAMED
    found = {}
    for number, form in enumerate(in_turn(running.forms(family), lambda form: form.reference)):
        some = slice(None) if (form.name, how) in told else slice(number % every, None, every)
        checked = running.asked(form, how, some)
        if checked is None:
            continue
        if running.is_blamed(checked) != ((form.name, how) in told):
            found[form.name] = [checked.verdict, *running.worst(checked)]
        if checked.convention:  # beyond one that it declares
            found[form.name] = [f"taken for {checked.convention!r}"]
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_none_is_blamed_but_those_that_are_told(corpus, family):
    """In every other case; the long run asks all."""
    assert not wrongly_told(corpus, family, "float64", every=2)


@pytest.mark.long
@pytest.mark.parametrize("how", ["float64", "float32", "fresh"])
@pytest.mark.parametrize("family", FAMILIES)
def test_in_no_case_nor_in_float32_and_in_fresh_ones(corpus, family, how):
    assert not wrongly_told(corpus, family, how)


def test_the_corpus_is_whole(corpus):
    forms, told = corpus("running").forms(), corpus("blamed")
    names = [form.name for form in forms]
    assert sorted(sys.modules["validation.corpus"].FAMILIES) == FAMILIES
    assert len(names) == len(set(names)) >= 60
    assert {form.reference for form in forms} == set(CATALOGUE)
    assert {name for name, _ in told.BLAMED} <= set(names)
    assert {how for _, how in told.BLAMED} <= set(told.HOW)
    assert {who for who, _ in told.BLAMED.values()} <= set(told.WHO)
