"""The long run: everything too slow for CI, its outcome written to validation/reports/long.md and long.json.

    python validation/make/long.py --date 2026-11-21                      # all of it, about two hours
    python validation/make/long.py --date 2026-11-21 --only ode --only flow

Each row is written as soon as it is known; the other rows keep what they say, with the commit that they were made of.
Run it from a clean checkout with the extras `test`, `docs` and `torch` installed.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm.catalogue import FAMILIES  # noqa: E402

REPORTS = ROOT / "validation" / "reports"
DAY = "YYYY-MM-DD"  # that of the run
COMMANDS = {
    "vectors": ("every vector made again, byte for byte", ["validation/make/vectors.py", "--check"]),
    "accuracy": ("every figure of accuracy against the record of this level of instructions",
                 ["validation/make/accuracy.py", "--check"]),
    "derivations": ("every derivation at twenty points a step", ["docs/check_derivations.py", "--trials", "20"]),
    "mutants": ("one change at a time in the maths, the judge and the boundary: each noticed",
                ["validation/make/mutants.py"]),
    "variants": ("every other definition of the field in every case",
                 ["-m", "pytest", "-q", "--all-references", "-m", "long", "tests/check"]),
    "turns": ("everything that a run asks, of all references",
              ["validation/make/turns.py", "--date", DAY]),
    "files": ("cases that somebody gives: 300 changed files of every reference, each refused or right",
              ["-m", "pytest", "-q", "--all-references", "-m", "long", "tests/vectors"]),
    "attacks": ("the attack list, in every environment", ["validation/make/attacks.py"]),
    **{family: (f"the properties of {family}, a thousand examples each, fresh seeds",
                ["-m", "pytest", "-q", "--all-references", "--hypothesis-profile", "long", f"tests/{family}"])
       for family in FAMILIES},
}
NAMED = ("numpy", "autograd", "hypothesis", "python-flint")


def commit() -> str:
    """Of this checkout; asked for before the record is written, which changes it."""
    return subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True,
                          check=False).stdout.strip() or "unknown"


def run(name: str, date: str, at: str) -> dict[str, str | int]:
    """One row: what came of it, the time it took, and what was run."""
    command, started = [date if word == DAY else word for word in COMMANDS[name][1]], time.monotonic()
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False,
                          env=os.environ | {"OMP_NUM_THREADS": "1"})
    print(done.stdout[-2000:], done.stderr[-2000:], flush=True)
    said = done.stdout.strip().splitlines() or ["no output"]
    counted = said[-1].strip("= ") if " passed" in said[-1] else f"{len(said)} lines, none of a failure"
    return {
        "outcome": counted if done.returncode == 0 else f"FAILED ({done.returncode}): {said[-1]}",
        "exit": done.returncode, "seconds": round(time.monotonic() - started), "date": date, "commit": at,
        "python": platform.python_version(), **{package: metadata.version(package) for package in NAMED},
    }


def table(rows: dict[str, dict[str, str | int]]) -> str:
    """The record for readers."""
    lines = ["# The long run", "",
             "Everything too slow for CI, by `python validation/make/long.py --date …`; rows are made one by one.", "",
             "| what | command | outcome | seconds | date | commit | with |", "|---|---|---|---|---|---|---|"]
    for name, (what, command) in COMMANDS.items():
        if row := rows.get(name):
            packages = ", ".join(f"{package} {row[package]}" for package in ("python", *NAMED))
            lines.append(f"| {what} | `python {' '.join(command)}` | {row['outcome']} | {row['seconds']} | "
                         f"{row['date']} | `{row['commit']}` | {packages} |")
        else:
            lines.append(f"| {what} | `python {' '.join(command)}` | not run | | | | |")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="the day to write into the record, YYYY-MM-DD")
    parser.add_argument("--only", action="append", choices=list(COMMANDS), help="this row (may be repeated)")
    chosen = parser.parse_args()
    record, at = REPORTS / "long.json", commit()
    rows = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    for name in chosen.only or COMMANDS:
        print(f"== {COMMANDS[name][0]}", flush=True)
        rows[name] = run(name, chosen.date, at)
        record.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        (REPORTS / "long.md").write_text(table(rows), encoding="utf-8")
    return int(any(rows[name]["exit"] for name in chosen.only or COMMANDS))


if __name__ == "__main__":
    sys.exit(main())
