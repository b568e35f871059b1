"""The record of the mutants for readers."""

from collections import Counter
from typing import Any

from validation.make.mutants_equivalent import EQUIVALENT

ABOUT = """# One change at a time

Every function of the maths that a body or a pullback runs, every table of numbers that it reads, and those of the judge
and of the boundary, each changed in one place as a slip of the pen would: an operation, a sign, a bound, a condition, a
constant, an axis, a term or a factor left out, sides or arguments exchanged, another function of the same form.
Declarations, defaults and messages stay as they are.

The maths is judged by the certified cases first, in float64 and by `refdgm check`'s own comparison (to lose digits that
the reference has is to be found out), and what these let pass by the hard inputs of `tests/stress` and by the tests of
the references that run it. The machinery is judged by those of its tests that run the changed line. What can be no
other function is listed with its reason in `validation/make/mutants_equivalent.py`, and is not put to tests.

By `python validation/make/mutants.py --date …`; `--only NAME` makes the rows of one reference's file again.
"""
HEAD = ("| file | mutants | asked | found by the cases | by tests alone | no other function | alive | found |\n"
        "|---|---|---|---|---|---|---|---|")


def counts(row: dict[str, Any]) -> Counter[str]:
    return Counter({"mutants": row["mutants"], "asked": row["asked"], "cases": sum(row["cases"].values()),
                    "tests": len(row["tests"]), "equivalent": len(row["equivalent"]), "alive": len(row["alive"])})


def line(name: str, many: Counter[str]) -> str:
    columns = ("mutants", "asked", "cases", "tests", "equivalent", "alive")
    share = f"{100 * (many['cases'] + many['tests']) / many['asked']:.1f} %" if many["asked"] else "—"
    return " | ".join([f"| {name}", *(str(many[column]) for column in columns), f"{share} |"])


def barred(text: str) -> str:
    return text.replace("|", r"\|")


def report(record: dict[str, dict[str, Any]]) -> str:
    machinery = {path for path in record if path.startswith(("refdgm/check", "refdgm/boundary"))}
    maths = {path: row for path, row in record.items() if path not in machinery}
    parts = {"the maths": maths}
    for folder in ("refdgm/check/judging", "refdgm/boundary"):
        parts[f"`{folder}`"] = {path: record[path] for path in machinery if path.startswith(folder)}
    totals = [line(name, sum(map(counts, rows.values()), Counter())) for name, rows in parts.items() if rows]
    how = sum((Counter(row["cases"]) for row in maths.values()), Counter[str]())
    said = ", ".join(f"{name} {many}" for name, many in how.most_common())
    lines = [ABOUT, HEAD, *totals, "", f"What the certified cases say: {said}.", "", "## By file", "", HEAD]
    lines += [line(f"`{path}`", counts(row)) for path, row in record.items() if row["asked"]]
    lines += ["", "## Alive", ""]
    alive = [key for row in record.values() for key in row["alive"]]
    lines += [f"- `{key}`" for key in alive] or ["None."]
    lines += ["", "## What can be no other function", ""]
    reasons: dict[str, list[str]] = {}
    for key in (key for row in record.values() for key in row["equivalent"]):
        reasons.setdefault(EQUIVALENT.get(key, "No longer told to be, and not asked since"), []).append(key)
    for reason, keys in reasons.items():
        lines += [f"{reason}:", "", *(f"- `{key}`" for key in keys), ""]
    lines += ["## Found by tests alone", "", "By the first test that fails.", "", "| mutant | test |", "|---|---|"]
    tests = {key: test for row in record.values() for key, test in row["tests"].items()}
    lines += [f"| `{barred(key)}` | `{barred(test)}` |" for key, test in tests.items()]
    idle = [f"`{path}`: {', '.join(f'`{name}` ({many})' for name, many in row['idle'].items())}"
            for path, row in record.items() if row["idle"]]
    lines += ["", "## Not asked", "",
              "Functions and tables of the same files that no body runs, and how many mutants they have:", "",
              *(f"- {each}" for each in idle)]
    dates = sorted({row["date"] for row in record.values()})
    return "\n".join([*lines, "", f"Made on {', '.join(dates)}."]) + "\n"
