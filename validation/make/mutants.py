"""One change at a time in the maths, the judge and the boundary: is it noticed?

    python validation/make/mutants.py --date 2026-11-29                      all: much longer than one file
    python validation/make/mutants.py --date … --only gumbel_softmax         of this reference, or a path (repeatable)
    python validation/make/mutants.py --date … --part numerics               this folder of the package (repeatable)
    python validation/make/mutants.py --sample 100                           so many at random, printed, not recorded
    python validation/make/mutants.py --date … --left                        what the record does not have whole
    python validation/make/mutants.py --again                                asks more tests of what is alive in it
    python validation/make/mutants.py --table                                makes the table again, asks nothing

A mutant of the maths (`mutation.py` says what is changed) is first put to the certified cases, by `refdgm check`'s own
comparison (`killing.py`); what they let pass goes through tests (`mutant_tests.py`), as does every mutant of the
machinery, through those that run its line. The machinery is asked in no order and written down some at a time, so
that what is there after a stop is an even sample, and `--left` goes on. What can be no other function is told in
`mutants_equivalent.py`, each with its reason, and is not asked of tests. What cannot be planted in a process that runs
is told and counts as not asked. The record is `validation/reports/mutants.json`; `mutants.md` is made of it.
"""

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm import CATALOGUE  # noqa: E402
from validation.make.killing import MATHS, Killed, concerned, killed_by  # noqa: E402
from validation.make.mutant_tables import report  # noqa: E402
from validation.make.mutant_tests import CHEAP, COSTLY, of_the_machinery, of_the_maths, under_tests  # noqa: E402
from validation.make.mutants_equivalent import EQUIVALENT  # noqa: E402
from validation.make.mutation import Mutant, Source  # noqa: E402
from validation.make.tracing import MACHINERY  # noqa: E402

PARTS = (*MATHS, *MACHINERY)
JUDGED_BY_TESTS = tuple(f"refdgm/{part}/" for part in MACHINERY)
SOME = 60  # of the machinery, before they are written down
RECORD = ROOT / "validation" / "reports" / "mutants.json"
Chosen = list[tuple[Source, Mutant]]


def sources(part: str) -> list[Source]:
    paths = sorted((ROOT / "refdgm" / part).glob("*.py"))
    return [Source(str(path.relative_to(ROOT))) for path in paths]


def drawn(mutants: list[Any], many: int, seed: int) -> list[Any]:
    """So many of them at random, in their order."""
    if many >= len(mutants):
        return mutants
    return [mutants[i] for i in sorted(random.Random(seed).sample(range(len(mutants)), many))]


def row(source: Source) -> dict[str, Any]:
    return {"mutants": len(source.mutants), "asked": 0, "cases": {}, "tests": {}, "equivalent": [], "alive": [],
            "idle": {}}


def by_cases(chosen: Chosen) -> list[tuple[Mutant, list[str], Killed | None]]:
    """Each with the references that run it, none for what no body does, and what kills it of the certified cases."""
    found = []
    for source, one in chosen:
        names = concerned(source, one)
        killed = killed_by(source, one, names)
        found.append((one, names, killed))
        if killed and one.key in EQUIVALENT:
            print(f"{one.key} is told to be equivalent and is killed by {killed.by}: {killed.how}", flush=True)
    return found


def ask(chosen: Chosen, of_maths: bool) -> dict[str, dict[str, Any]]:
    """What became of each, by file."""
    rows = {source.path: row(source) for source, _ in chosen}
    left: list[tuple[Mutant, list[str]]] = []
    for one, names, killed in by_cases(chosen) if of_maths else [(one, [], None) for _, one in chosen]:
        found = rows[one.path]
        if of_maths and not names:
            found["idle"][one.function] = found["idle"].get(one.function, 0) + 1
            continue
        found["asked"] += 1
        if killed:
            found["cases"][killed.how] = found["cases"].get(killed.how, 0) + 1
        elif one.key in EQUIVALENT:
            found["equivalent"].append(one.key)
        else:
            left.append((one, of_the_maths(one, names) if of_maths else of_the_machinery(one)))
    settle(rows, left)
    return rows


def settle(rows: dict[str, dict[str, Any]], left: list[tuple[Mutant, list[str]]], most: float = CHEAP) -> None:
    """Whether a test kills these; what cannot be planted counts as not asked."""
    killers = under_tests(left, most)
    for one, _ in left:
        found = rows[one.path]
        if one.key not in killers:
            found["asked"] -= 1
        elif test := killers[one.key]:
            found["tests"][one.key] = test
        else:
            found["alive"].append(one.key)


def again(record: dict[str, dict[str, Any]]) -> None:
    """What is alive in the record, after tests or reasons were added, or is no longer told to be equivalent."""
    left = []
    for path, found in record.items():
        source, of_maths = Source(path), path.split("/")[1] in MATHS
        open_, there = {*found["alive"], *found["equivalent"]}, {one.key for one in source.mutants}
        found |= {"mutants": len(there), "asked": found["asked"] - len(open_ - there), "alive": []}
        found["equivalent"] = [one.key for one in source.mutants if one.key in open_ & EQUIVALENT.keys()]
        for one in (each for each in source.mutants if each.key in open_ - EQUIVALENT.keys()):
            left.append((one, of_the_maths(one, concerned(source, one)) if of_maths else of_the_machinery(one)))
    settle(record, left, COSTLY)


def chosen_of(part: str, only: list[str] | None) -> Chosen:
    files = {str(ROOT / name) if name.endswith(".py") else CATALOGUE[name].body.__code__.co_filename
             for name in only or ()}
    return [(source, one) for source in sources(part) if not only or str(source.file) in files
            for one in source.mutants]


def whole(source: Source, record: dict[str, dict[str, Any]]) -> bool:
    """Whether all its mutants have been asked."""
    found = record.get(source.path, {"mutants": 0, "asked": 0, "idle": {}})
    return bool(len(source.mutants) == found["mutants"] == found["asked"] + sum(found["idle"].values()))


def known(found: dict[str, Any]) -> set[str]:
    """What is told of single mutants; of those that the cases kill there are but numbers."""
    return {*found["tests"], *found["alive"], *found["equivalent"]}


def left_of(chosen: Chosen, record: dict[str, dict[str, Any]]) -> Chosen:
    """What the record does not have: of the maths whole files, of the machinery single mutants."""
    told = {key for path, found in record.items() if path.startswith(JUDGED_BY_TESTS) for key in known(found)}
    return [(source, one) for source, one in chosen if one.key not in told and not whole(source, record)]


def in_turns(part: str, chosen: Chosen, seed: int) -> list[Chosen]:
    """The maths at once, for many files share their tests; the machinery some at a time, in no order."""
    if part in MATHS:
        return [chosen] if chosen else []
    mixed = random.Random(seed).sample(chosen, len(chosen))
    return [mixed[first:first + SOME] for first in range(0, len(mixed), SOME)]


def joined(source: Source, before: dict[str, Any] | None, now: dict[str, Any]) -> dict[str, Any]:
    """Two rows of a file of the machinery, of mutants that there are."""
    there = {one.key for one in source.mutants}
    old = before or row(source)
    tests = {key: test for key, test in (old["tests"] | now["tests"]).items() if key in there}
    lists = {name: [key for key in old[name] + now[name] if key in there] for name in ("equivalent", "alive")}
    asked = len(tests) + sum(map(len, lists.values()))
    return row(source) | {"asked": asked, "tests": tests} | lists


def write(record: dict[str, Any]) -> None:
    text = json.dumps(dict(sorted(record.items())), indent=1, ensure_ascii=False)
    RECORD.write_text(text + "\n", encoding="utf-8")
    RECORD.with_suffix(".md").write_text(report(dict(sorted(record.items()))), encoding="utf-8")


def _file(word: str) -> str:
    if word not in CATALOGUE and not (word.endswith(".py") and (ROOT / word).is_file()):
        raise argparse.ArgumentTypeError(f"{word} is no reference and no file")
    return word


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="the day to write into the record, YYYY-MM-DD; without it none is written")
    parser.add_argument("--only", action="append", type=_file, metavar="NAME",
                        help="the file of this reference, or refdgm/numerics/one.py that several share")
    parser.add_argument("--part", action="append", choices=PARTS, help="this folder of the package")
    parser.add_argument("--sample", type=int, default=0, help="so many of each part; nothing is recorded of the maths")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--left", action="store_true", help="only what the record does not have")
    parser.add_argument("--again", action="store_true", help="ask once more of tests what is alive")
    parser.add_argument("--table", action="store_true", help="make the table of what is kept")
    told = parser.parse_args(arguments)
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    alive = []
    if told.again:
        again(record)
        alive = [key for found in record.values() for key in found["alive"]]
    for part in () if told.table or told.again else told.part or (MATHS if told.only else PARTS):
        chosen = chosen_of(part, told.only)
        chosen = drawn(left_of(chosen, record) if told.left else chosen, told.sample or 10**9, told.seed)
        before = record if told.left or told.sample else {}
        for some in in_turns(part, chosen, told.seed):
            started = time.monotonic()
            rows = ask(some, part in MATHS)
            alive += [key for found in rows.values() for key in found["alive"]]
            killed = sum(sum(found["cases"].values()) + len(found["tests"]) for found in rows.values())
            print(f"{part}: {sum(found['asked'] for found in rows.values())} mutants, {killed} killed, "
                  f"{time.monotonic() - started:.0f} s", flush=True)
            if part in MACHINERY:
                of = {source.path: source for source, _ in some}
                rows = {path: joined(of[path], before.get(path), found) for path, found in rows.items()}
                before = before | rows
            if told.date and (part in MACHINERY or not told.sample):
                record |= {path: found | {"date": told.date} for path, found in rows.items()}
                write(record)
    if told.table or told.again:
        write(record)
    print(*alive, f"{len(alive)} alive", sep="\n")
    return int(bool(alive))


if __name__ == "__main__":
    sys.exit(main())
