"""What a reference must come with, and nothing that is left of another."""

import inspect
import re
from pathlib import Path

import pytest

from refdgm import CATALOGUE, FAMILIES
from refdgm.evidence import find, generic
from refdgm.evidence.aliases import aliases

from .modules import EVIDENCE, ROOT

CONCEPTS = [path for path in sorted(EVIDENCE.glob("*/*/")) if path.name != "__pycache__"]
INDEX = (ROOT / "docs" / "derivations" / "README.md").read_text()
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").glob("*/test_*.py"))
BIBLIOGRAPHY = (ROOT / "docs" / "bibliography.bib").read_text()
SHARED: dict[str, str] = {}  # a reference whose page is that of another, which the index does not say


def derivation(name):
    """The page whose line in the index tells the reference, or a reference that shares its page."""
    name = SHARED.get(name, name)
    for line in INDEX.splitlines():
        if f"`{name}`" in line and "](" in line:
            return ROOT / "docs" / "derivations" / line.split("](")[1].split(")")[0]
    return None


def texts(ref):
    path = EVIDENCE / find.concept(ref.name).replace(".", "/") / "definition.py"
    return path.read_text() if path.exists() else ""


def record(kind, ref):
    return ROOT / "validation" / "reports" / kind / f"{ref.name}.json"


NEEDED = {
    "an entry in a family": lambda ref: any(ref in family for family in FAMILIES.values()),
    "a test file that verifies it": lambda ref: f"verify({ref.name})" in TESTS,
    "a definition": lambda ref: f"\ndef {ref.name}(" in texts(ref) or f" as {ref.name}\n" in texts(ref),
    "mistakes": lambda ref: bool(find.mistakes(ref.name)),
    "rewrites": lambda ref: any(one.body.__module__.startswith("refdgm.evidence.") and one.body.__module__
                                != generic.__name__ for one in find.rewrites(ref.name)),
    "cases": lambda ref: bool(find.asks(ref.name)),
    "an alias": lambda ref: bool(aliases(ref.name)),
    "vectors": lambda ref: (ROOT / "validation" / "vectors" / f"{ref.name}.json").exists(),
    "a record of detection": lambda ref: record("detection", ref).exists(),
    "a record of accuracy": lambda ref: record("accuracy", ref).exists() or all(
        domain.support.integer for domain in ref.result.values()),
    "a derivation": lambda ref: (page := derivation(ref.name)) is not None and page.exists(),
    "a bibliography entry": lambda ref: f"{{{ref.source}," in BIBLIOGRAPHY,
}


HOLE = "✎"  # what a skeleton of validation/make/new.py leaves to be written


def holes(ref):
    """The files of a reference in which something is still to be written."""
    folder = EVIDENCE / find.concept(ref.name).replace(".", "/")
    tests = [path for path in (ROOT / "tests").glob("*/test_*.py") if f"verify({ref.name})" in path.read_text()]
    paths = [Path(inspect.getsourcefile(ref.body)), *sorted(folder.glob("*.py")), *tests]
    paths += [page] if (page := derivation(ref.name)) else []
    found = [str(path.relative_to(ROOT)) for path in paths if path.exists() and HOLE in path.read_text()]
    found += ["docs/derivations/README.md"] if any(
        HOLE in line and f"`{ref.name}`" in line for line in INDEX.splitlines()) else []
    family = EVIDENCE / find.concept(ref.name).partition(".")[0] / "aliases.toml"
    found += [str(family.relative_to(ROOT))] if any(HOLE in one.name + one.under for one in aliases(ref.name)) else []
    entries = BIBLIOGRAPHY.split("\n@")
    found += ["docs/bibliography.bib"] if any(HOLE in e and f"{{{ref.source}," in e for e in entries) else []
    return [f"what stands at {HOLE} in {path}" for path in found]


@pytest.mark.parametrize("name", CATALOGUE)
def test_nothing_was_forgotten(name):
    """Adding a reference: what is missing is named."""
    missing = [what for what, there in NEEDED.items() if not there(CATALOGUE[name])] + holes(CATALOGUE[name])
    assert not missing, f"{name} still needs {', '.join(missing)}"


def test_the_bibliography_is_whole():
    """Every entry is closed before the next one, and no key is there twice."""
    entries = re.split(r"^@", BIBLIOGRAPHY, flags=re.MULTILINE)[1:]
    assert [e.splitlines()[0] for e in entries if e.count("{") != e.count("}")] == []
    keys = [e.split("{")[1].split(",")[0] for e in entries]
    assert sorted({*keys}) == sorted(keys)


def test_nothing_is_left_over():
    """What was made for a reference that is no more."""
    defined = {".".join(path.parts[-3:-1]) for path in EVIDENCE.glob("*/*/definition.py")}
    vectors = {path.stem for path in (ROOT / "validation" / "vectors").glob("*.json")} - {"schema"}
    records = {path.stem for path in (ROOT / "validation" / "reports").glob("*/*.json")}
    assert defined <= {*find.concepts()} and vectors | records <= CATALOGUE.keys()
    assert {*SHARED, *SHARED.values()} <= CATALOGUE.keys() and not any(f"`{name}`" in INDEX for name in SHARED)


def test_every_concept_has_its_folder_of_evidence():
    """The same names as the maths has, and no folder that the catalogue does not know."""
    folders = {".".join(path.relative_to(EVIDENCE).parts) for path in CONCEPTS}
    assert folders == set(find.concepts())


def test_every_folder_of_evidence_has_the_same_files():
    optional = {"variants.py", "stages.py"}
    for folder in CONCEPTS:
        files = {path.name for path in folder.iterdir() if path.name != "__pycache__"}
        assert files - optional == {"__init__.py", *(f"{kind}.py" for kind in find.KINDS)} - optional, folder
