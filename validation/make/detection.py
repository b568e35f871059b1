"""Which tests find which mistakes: every planted mistake and every correct rewrite against eight detectors.

    python validation/make/detection.py                    all references: some minutes
    python validation/make/detection.py --only softmax     this reference (may be repeated); the others stay
    python validation/make/detection.py --table            makes the table again, asks nothing
    python validation/make/detection.py --rewrites
    python validation/make/detection.py --names [--sample 200] [--dtype float32]

A record is `validation/reports/detection/<reference>.json`; `detection.md` beside them is made of them all. Needs
autograd, for what `refdgm check` allows; where torch is not installed, what is kept of its gradcheck stays.
`--rewrites` puts every correct rewrite to the whole of `refdgm check` in the shipped cases, where numbers are not of
the order of one, and prints which it blames; `--names` puts every mistake to it and prints how many it calls by their
names, and what it says of the others.
"""

import argparse
import datetime
import platform
import sys
from collections.abc import Iterable
from functools import cache
from importlib import metadata, util
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm import CATALOGUE  # noqa: E402
from refdgm.check.questions.vectors import shipped  # noqa: E402
from refdgm.evidence import find  # noqa: E402
from refdgm.evidence.declare import DOUBLE, Mistake, Rewrite  # noqa: E402
from refdgm.evidence.distance import answer  # noqa: E402
from refdgm.evidence.showing import SQUARE, killing_cases  # noqa: E402
from validation.make import naming, records, rewriting  # noqa: E402
from validation.make.detection_tables import Verdicts, report, said  # noqa: E402
from validation.make.detectors import (  # noqa: E402
    WHAT,
    Judged,
    comparing,
    gradcheck,
    judged,
    refused,
)

KIND = "detection"
ASKED = ("mistakes", "later", "rewrites")
PACKAGES = ("numpy", "torch", "autograd", "array-api-compat")


def matrix(entries: Iterable[Mistake | Rewrite], with_gradcheck: bool = True) -> Verdicts:
    """What every detector says; None where it cannot say anything."""
    entries = list(entries)
    asked_of = dict.fromkeys(entry.reference for entry in entries)
    questions = {name: judged(CATALOGUE[name], killing_cases(CATALOGUE[name])) for name in asked_of}
    sound = {name: with_gradcheck and accepts_the_reference(name) for name in asked_of}
    found: Verdicts = {}
    for entry in entries:
        ref, asked = CATALOGUE[entry.reference], questions[entry.reference]
        eps = getattr(entry, "eps", DOUBLE)
        verdicts: dict[str, bool | None] = dict(comparing(entry.body, asked, eps))
        if not ref.differentiable:
            verdicts |= dict.fromkeys(("gradient", "ones"))
        able = sound[ref.name] and eps == DOUBLE  # gradcheck is made for double precision
        cases = [question.case for question in asked if sizes_are_equal(question.case)]
        verdicts["gradcheck"] = gradcheck(ref, entry.body, cases) if able else None
        found[entry.name] = verdicts
    return found


def by_certified_cases(entries: Iterable[Mistake]) -> dict[str, dict[str, bool]]:
    """Whether `refdgm check` finds them in the certified cases added for none of them (frozen), and in all."""
    found = {}
    for name, group in groupby(entries, lambda wrong: wrong.reference):
        questions = judged(CATALOGUE[name], shipped(name).cases)
        frozen, added = ([one for one in questions if ("later" in one.case.flags) is late] for late in (False, True))
        for wrong in group:
            early = blamed(wrong, frozen)
            found[wrong.name] = {"frozen": early, "now": early or blamed(wrong, added)}
    return found


def blamed(wrong: Mistake, questions: Iterable[Judged]) -> bool:
    with np.errstate(all="ignore"):  # a mistake may overflow; that is one way of being found out
        return any(refused(one, answer(one.ref, wrong.body, one.case), DOUBLE) for one in questions)


@cache
def accepts_the_reference(name: str) -> bool:
    """Whether gradcheck passes the right code; it blames what is on purpose no derivative of its value."""
    ref = CATALOGUE[name]
    cases = [case for case in killing_cases(ref) if sizes_are_equal(case)]
    return gradcheck(ref, ref.body, cases) is False


def sizes_are_equal(case: Any) -> bool:
    """Gradcheck is asked on these alone: all options, and mistakes that only square arrays let through."""
    return all(size == SQUARE.get(symbol, size) for symbol, size in case.about.get("sizes", {}).items())


def measure(name: str, date: str) -> None:
    """Replace the record of this reference."""
    able = util.find_spec("torch") is not None
    versions = {"python": platform.python_version()} | {
        package: metadata.version(package) for package in PACKAGES if able or package != "torch"}
    asked: Any = find.mistakes(name, blind=False), find.mistakes(name, blind=True), find.rewrites(name)
    with np.errstate(all="ignore"):  # a mistake may overflow
        found = dict(zip(ASKED, (matrix(entries, able) for entries in asked), strict=True))
        certified = by_certified_cases(asked[1])
    if not able:
        kept = records.read(KIND).get(name, {})
        for kind, rows in found.items():
            for entry, row in rows.items():
                row["gradcheck"] = kept.get(kind, {}).get(entry, {}).get("gradcheck")
    about = {"date": date, "versions": versions, "detectors": WHAT}
    records.write(KIND, name, about | found | {"certified": certified})


def together(kept: dict[str, dict[str, Any]], kind: str) -> dict[str, Any]:
    """The rows of one kind of all records."""
    return {entry: row for record in kept.values() for entry, row in record[kind].items()}


def provenance(kept: dict[str, dict[str, Any]]) -> str:
    """When and with what, once for all references that were asked alike; the largest group is not named."""
    alike: dict[str, list[str]] = {}
    for name, record in kept.items():
        told = ", ".join((record["date"], *(f"{package} {version}" for package, version in record["versions"].items())))
        alike.setdefault(told, []).append(name)
    first, *others = sorted(alike, key=lambda told: -len(alike[told]))
    return " ".join([f"{first}.", *(f"{', '.join(f'`{name}`' for name in alike[told])}: {told}." for told in others)])


def markdown(kept: dict[str, dict[str, Any]]) -> str:
    """The table of all records."""
    rows = {kind: together(kept, kind) for kind in (*ASKED, "certified")}
    return report(rows["mistakes"], rows["rewrites"], rows["later"], rows["certified"], provenance(kept))


def main(arguments: list[str] | None = None) -> int:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="the date that the record bears")
    parser.add_argument("--only", action="append", choices=list(CATALOGUE), metavar="NAME",
                        help="this reference (may be repeated)")
    parser.add_argument("--table", action="store_true", help="make the table of what is kept")
    parser.add_argument("--rewrites", action="store_true", help="print what is blamed in the shipped cases")
    parser.add_argument("--names", action="store_true", help="print how many mistakes are called by their names")
    parser.add_argument("--sample", type=int, default=10**6, help="with --names: so many at random of either sort")
    parser.add_argument("--dtype", choices=["float64", "float32"], default="float64", help="with --names")
    chosen = parser.parse_args(arguments)
    names = chosen.only or list(CATALOGUE)
    if chosen.names:
        for sort, blind in (("known when the cases were chosen", False), ("planted later", True)):
            entries = naming.drawn([one for name in names for one in find.mistakes(name, blind=blind)], chosen.sample)
            print(f"{sort}:", *naming.told(naming.named(entries, chosen.dtype), len(entries)), sep="\n", flush=True)
        return 0
    if chosen.rewrites:
        entries = (right for name in names for right in find.rewrites(name))
        print(*rewriting.told(rewriting.in_the_shipped_cases(entries)), sep="\n")
        return 0
    for name in () if chosen.table else names:
        measure(name, chosen.date)
        print(name, flush=True)
    kept = records.read(KIND)
    records.tell(KIND, markdown(kept))
    mistakes, later, rewrites = (together({name: kept[name] for name in names}, kind) for kind in ASKED)
    missed, blamed = said(mistakes, "reference", False), said(rewrites, "reference")
    print(f"{len(mistakes)} mistakes, missed: {missed or 'none'}")
    print(f"{len(later)} later mistakes, missed: {said(later, 'reference', False)}")
    print(f"{len(rewrites)} rewrites, blamed: {blamed or 'none'}")
    return int(bool(missed or blamed))


if __name__ == "__main__":
    sys.exit(main())
