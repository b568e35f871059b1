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


def shared() -> str:
    """Of all code that is no reference's own: the judge, the boundary, the numerics, the certification, the tests."""
    owned = {file for name in CATALOGUE for file in own(name)}
    return _of(file for folder in ("refdgm", "tests", "validation", "docs")
               for file in sorted((ROOT / folder).rglob("*.py")) if file not in owned)


def recorded() -> dict[str, str]:
    """The digests of the last time that all were asked, by reference, and of what is shared under an empty name."""
    if not RECORD.exists():
        return {}
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return {"": found.get("shared", ""), **found["asked"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="the day to write into the record, YYYY-MM-DD")
    date = parser.parse_args().date
    asked, common = {name: digest(name) for name in CATALOGUE}, shared()
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "--all-references"], cwd=ROOT, check=False,
                          env=os.environ | {"CI": "true"})
    if done.returncode == 0:
        told = {"date": date, "shared": common, "asked": asked}
        RECORD.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
