"""The judge's tests of all references, and the record of the files that they were asked of.

    python validation/make/turns.py --date 2026-11-29

A run of the tests asks those that put the judge to one reference after the other (`tests/turns.py`) of a third of the
catalogue, and of whatever is no longer as this record has it. This asks them of all, and writes the record anew where
all of them pass. Needs the extras `test` and `torch`.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm.catalogue import CATALOGUE  # noqa: E402
from refdgm.evidence.find import concept  # noqa: E402

RECORD = ROOT / "validation" / "reports" / "turns.json"
WHERE = ("tests/check", "tests/evidence", "tests/docs", "tests/vectors", "tests/test_accuracy.py")


def digest(name: str) -> str:
    """Of what is a reference's own: its module, the evidence of its concept, its vectors' index, its page."""
    path = concept(name).replace(".", "/")
    files = [ROOT / "refdgm" / f"{path}.py", *sorted((ROOT / "refdgm" / "evidence" / path).glob("*.py")),
             ROOT / "validation" / "vectors" / f"{name}.json", ROOT / "docs" / "derivations" / f"{name}.md"]
    made = hashlib.sha256()
    for file in files:
        made.update(file.read_bytes() if file.exists() else b"")
    return made.hexdigest()[:16]


def recorded() -> dict[str, str]:
    """The digests of the last time that all were asked, by reference."""
    found: dict[str, str] = json.loads(RECORD.read_text(encoding="utf-8"))["asked"] if RECORD.exists() else {}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="the day to write into the record, YYYY-MM-DD")
    date = parser.parse_args().date
    asked = {name: digest(name) for name in CATALOGUE}
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "--all-references", *WHERE], cwd=ROOT, check=False,
                          env=os.environ | {"CI": "true"})
    if done.returncode == 0:
        RECORD.write_text(json.dumps({"date": date, "asked": asked}, indent=1) + "\n", encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
