"""All tests of all references, and the record of the files that they were asked of.

    python validation/make/turns.py --date 2026-11-29              all of it: most of an hour on two cores
    python validation/make/turns.py --date 2026-11-29 --changed    what has changed, as any run of the tests asks it

A run of the tests asks those that put the judge to one reference after the other (`tests/turns.py`) of a part of the
catalogue, and of whatever is no longer as this record has it, and properties with fewer examples of what is; and of
the costly ones, of which the record has the seconds of CPU, a part. This asks everything of all, and writes the record
anew where all of it passes. With `--changed` the references that are no longer as the record has them are written into
it after a run of the tests, which asked everything of them, and the costs of files of tests that have changed. Needs
the extras `test` and `torch`.
"""

import argparse
import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm.catalogue import CATALOGUE  # noqa: E402
from refdgm.evidence.find import concept  # noqa: E402

COMMENT = re.compile(r"(^|  )\s*# .*$")  # as this house sets them
RECORD = ROOT / "validation" / "reports" / "turns.json"
COSTLY = 0.3  # seconds of CPU


def own(name: str) -> list[Path]:
    """What is a reference's own: module, evidence and tests of its concept, its vectors' index, its page."""
    path = concept(name).replace(".", "/")
    family, stem = path.split("/")
    return [ROOT / "refdgm" / f"{path}.py", *sorted((ROOT / "refdgm" / "evidence" / path).glob("*.py")),
            ROOT / "tests" / family / f"test_{stem}.py", ROOT / "validation" / "vectors" / f"{name}.json",
            ROOT / "docs" / "derivations" / f"{name}.md"]


def _of(files: Iterable[Path], read: Callable[[Path], bytes] = Path.read_bytes) -> str:
    made = hashlib.sha256()
    for file in files:
        made.update(read(file) if file.exists() else b"")
    return made.hexdigest()[:16]


def without_prose(file: Path) -> bytes:
    """The part of a file that what is asked by turns rests on: a program without its comments and docstrings, the
    blocks of a page without its prose. What is written there is asked about in every run."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".md":
        return "\n".join(re.findall(r"^(?:> )*```.*?^(?:> )*```", text, re.M | re.S)).encode()
    return code(text).encode() if file.suffix == ".py" else text.encode()


def tested(file: str) -> str:
    """The digest of a file of tests, with the page of the manual that it is about, where it has the name of one."""
    page = ROOT / "docs" / f"{Path(file).stem.removeprefix('test_').replace('_', '-')}.md"
    return _of([ROOT / file, *([page] if file.startswith("tests/docs/") and page.exists() else [])])


def code(text: str) -> str:
    """Without comments, docstrings and empty lines; the same in every Python."""
    lines = text.split("\n")
    left: list[Any] = [ast.parse(text)]
    while left:
        node = left.pop()
        if ast.get_docstring(node, clean=False):
            first, last = node.body[0].lineno, node.body[0].end_lineno
            lines[first - 1 : last] = [""] * (last - first + 1)
        left += [one for one in node.body if isinstance(one, ast.ClassDef | ast.FunctionDef)]
    return "\n".join(line for line in (COMMENT.sub("", line) for line in lines) if line.strip())


def digest(name: str) -> str:
    """Of the reference's own files."""
    return _of(own(name), without_prose)


def shared() -> str:
    """Of the code that is no reference's own, which decides of which others a run asks."""
    owned = {file for name in CATALOGUE for file in own(name)}
    every = (file for folder in ("refdgm", "tests", "validation") for file in sorted((ROOT / folder).rglob("*.py")))
    return _of(file for file in every if file not in owned)


def read() -> dict[str, Any]:
    """The record, or one of nothing."""
    return dict(json.loads(RECORD.read_text(encoding="utf-8"))) if RECORD.exists() else {"asked": {}, "costly": {}}


def recorded() -> dict[str, str]:
    """The digests of the last time that all was asked of it, by reference."""
    return dict(read()["asked"])


def costly() -> dict[str, dict[str, float]]:
    """By file that is what it was, the tests that are costly, and their seconds."""
    return {file: one["seconds"] for file, one in read()["costly"].items() if one["digest"] == tested(file)}


def measured(folder: Path) -> dict[str, Any]:
    """What `costs.py` wrote there, of costly tests, by file."""
    found: dict[str, Any] = {}
    lines = (line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines())
    for node, seconds in sorted(map(json.loads, lines)):
        file, _, test = node.partition("::")
        if seconds >= COSTLY:
            one = found.setdefault(file, {"digest": tested(file), "seconds": {}})
            one["seconds"][test] = round(seconds, 1)
    return found


def renewed(was: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Costs by file: those that were told of a file that is what it was, else those of now, for of such a file all was
    asked."""
    kept = {file: one for file, one in was.items() if (ROOT / file).exists() and one["digest"] == tested(file)}
    return dict(sorted((made | kept).items()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="the day to write into the record, YYYY-MM-DD")
    parser.add_argument("--changed", action="store_true", help="what has changed alone; the day of all stays")
    told = parser.parse_args()
    found = read() | {"asked": {name: digest(name) for name in CATALOGUE}}
    found["changed" if told.changed else "date"] = told.date
    with tempfile.TemporaryDirectory() as folder:
        words = ["-p", "validation.make.costs", *([] if told.changed else ["--all-references"])]
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", *words], cwd=ROOT, check=False,
                              env=os.environ | {"CI": "true", "COSTS": folder})
        made = measured(Path(folder))
        if told.changed:
            found["costly"] = renewed(found["costly"], made)
        else:
            found = {"date": told.date, "asked": found["asked"], "costly": made}
    if done.returncode == 0:
        RECORD.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
