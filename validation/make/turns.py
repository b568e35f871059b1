"""All tests of all references, and the record of the files that they were asked of.

    python validation/make/turns.py --date 2026-11-29

A run of the tests asks those that put the judge to one reference after the other (`tests/turns.py`) of a part of the
catalogue, and of whatever is no longer as this record has it, and properties with fewer examples of what is. This asks
everything of all, and writes the record anew where all of it passes. Needs the extras `test` and `torch`.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm.catalogue import CATALOGUE  # noqa: E402
from refdgm.evidence.find import concept  # noqa: E402

AREAS = ("maths", "judge")  # of what is shared
JUDGING = {"refdgm": ("check", "cli", "certify", "testing"),
           "tests": ("check", "docs", "certify", "evidence", "vectors")}  # no value of the package rests on these
RECORD = ROOT / "validation" / "reports" / "turns.json"


def own(name: str) -> list[Path]:
    """What is a reference's own: module, evidence and tests of its concept, its vectors' index, its page."""
    path = concept(name).replace(".", "/")
    family, stem = path.split("/")
    return [ROOT / "refdgm" / f"{path}.py", *sorted((ROOT / "refdgm" / "evidence" / path).glob("*.py")),
            ROOT / "tests" / family / f"test_{stem}.py", ROOT / "validation" / "vectors" / f"{name}.json",
            ROOT / "docs" / "derivations" / f"{name}.md"]


def _of(files: Iterable[Path]) -> str:
    made = hashlib.sha256()
    for file in files:
        made.update(file.read_bytes() if file.exists() else b"")
    return made.hexdigest()[:16]


def digest(name: str) -> str:
    """Of the reference's own files."""
    return _of(own(name))


def shared(area: str = "") -> str:
    """Of the code that is no reference's own: of what values and gradients rest on ("maths": the boundary, the
    declarations, the numerics, the definitions, and what asks properties of them), of the rest ("judge"), or of all."""
    owned = {file for name in CATALOGUE for file in own(name)}
    every = [file for folder in ("refdgm", "tests", "validation", "docs")
             for file in sorted((ROOT / folder).rglob("*.py")) if file not in owned]
    return _of(file for file in every if not area or (area == "maths") == maths(file.relative_to(ROOT).parts))


def maths(parts: tuple[str, ...]) -> bool:
    """Whether a file, by the parts of its path, is one that values, gradients and their properties rest on."""
    return parts[0] in JUDGING and parts[1] not in JUDGING[parts[0]]


def recorded() -> dict[str, str]:
    """The digests of the last time that all were asked, by reference, and by area of what is shared."""
    if not RECORD.exists():
        return {}
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return {**{area: found.get(area, "") for area in AREAS}, **found["asked"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="the day to write into the record, YYYY-MM-DD")
    date = parser.parse_args().date
    told = {"date": date, **{area: shared(area) for area in AREAS},
            "asked": {name: digest(name) for name in CATALOGUE}}
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "--all-references"], cwd=ROOT, check=False,
                          env=os.environ | {"CI": "true"})
    if done.returncode == 0:
        RECORD.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
