"""The skeleton of a reference: laid whole, over nothing, and refused until it is filled."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAME, FAMILY = "a_new_thing", "sde"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A checkout without what takes long to copy."""
    there = tmp_path_factory.mktemp("checkout")
    for folder in ("refdgm", "tests", "docs", "validation"):
        shutil.copytree(ROOT / folder, there / folder,
                        ignore=shutil.ignore_patterns("__pycache__", "*.safetensors", "benchmarks", "pictures"))
    shutil.copy(ROOT / "pyproject.toml", there)
    return there


def run(there, *command):
    return subprocess.run([sys.executable, *command], cwd=there, capture_output=True, text=True, check=False,
                          timeout=300, env=os.environ | {"PYTHONPATH": str(there), "PYTEST_ADDOPTS": ""})


@pytest.fixture(scope="module")
def laid(copy):
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    done = run(copy, "validation/make/new.py", NAME, FAMILY)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), before


def test_what_it_lays(copy, laid):
    """New files, and four that are there get lines and lose none."""
    told, before = laid
    changed = set()
    for path, was in before.items():
        now = path.read_text(encoding="utf-8") if path.suffix in (".py", ".md", ".bib", ".toml") else None
        if now is not None and now.encode() != was:
            changed.add(str(path.relative_to(copy)))
            lines = iter(now.splitlines())
            assert all(line in lines for line in was.decode().splitlines()), path  # in order
    aliases = f"refdgm/evidence/{FAMILY}/aliases.toml"
    assert changed == {"refdgm/catalogue.py", aliases, "docs/derivations/README.md", "docs/bibliography.bib"}
    new = {path for path in told if f"evidence/{FAMILY}/{NAME}/" in path or path.endswith(f"{NAME}.py")
           or path.endswith(f"{NAME}.md")}
    assert changed | new == {*told[:-1]} and len(new) == 8
    assert all((copy / path).exists() for path in told[:-1])
    assert told[-1].endswith(f"tests/test_complete.py -k {NAME}")


def test_tests_name_every_hole(copy, laid):
    """Each of what is missing, and each file in which something stands open, in one sentence."""
    done = run(copy, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "tests/test_complete.py", "-k",
               f"forgotten and {NAME}")
    assert done.returncode == 1, done.stdout + done.stderr
    said = next(line for line in done.stdout.splitlines() if f"{NAME} still needs" in line)
    for what in ("a definition", "mistakes", "rewrites", "cases", "vectors", "a record of detection",
                 "a record of accuracy", *(f"what stands at ✎ in {path}" for path in (
                     f"refdgm/{FAMILY}/{NAME}.py", *(f"refdgm/evidence/{FAMILY}/{NAME}/{kind}.py" for kind in
                                                     ("definition", "mistakes", "rewrites", "cases")),
                     f"tests/{FAMILY}/test_{NAME}.py", f"docs/derivations/{NAME}.md", "docs/derivations/README.md",
                     f"refdgm/evidence/{FAMILY}/aliases.toml", "docs/bibliography.bib"))):
        assert what in said, what


def test_the_page_runs(copy, laid):
    """Its form is right, so that what is left to write is the mathematics."""
    done = run(copy, "docs/check_derivations.py", NAME)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_overwritten(copy, laid):
    before = {path: path.read_bytes() for path in copy.rglob("*.py")}
    done = run(copy, "validation/make/new.py", NAME, FAMILY)
    assert done.returncode == 1 and f"NAME must be new, got '{NAME}', which the catalogue has" in done.stderr
    path = copy / "docs" / "derivations" / "another_thing.md"
    path.write_text("mine", encoding="utf-8")
    done = run(copy, "validation/make/new.py", "another_thing", FAMILY)
    assert done.returncode == 1 and "docs/derivations/another_thing.md is there" in done.stderr
    assert path.read_text(encoding="utf-8") == "mine"
    path.unlink()
    assert {path: path.read_bytes() for path in copy.rglob("*.py")} == before


@pytest.mark.parametrize(("name", "family", "said"), [
    ("Other", FAMILY, "NAME must be in lower case"),
    ("other", "no_family", "FAMILY must be one of primitives, nets, "),
])
def test_what_has_no_place_is_refused(copy, name, family, said):
    done = run(copy, "validation/make/new.py", name, family)
    assert done.returncode == 1 and said in done.stderr
