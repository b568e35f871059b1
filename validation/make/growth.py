"""How work, memory and time of every reference grow with each of its sizes, against theory: growth.json and growth.md.

    python validation/make/growth.py --date 2026-11-30                    all references: two minutes
    python validation/make/growth.py --date 2026-11-30 --only softmax     this one (may be repeated); the others stay

Work is counted, not timed (validation/benchmarks/counting.py): passes over elements, FLOPs of products, n³ of a matrix
that is factored. It is a polynomial of a size, whose degree finite differences tell. Of memory, the most that value and
pullback hold, and of time, which is reported and no more, exponents are those of the increments from n to 2n and on to
4n.

Theory is declared for each reference, in `refdgm/evidence/<family>/growth.toml`:

    softmax = { work = "B K", memory = "B K" }

A size that is not named does not matter; "hidden^2" is a square, "2^H" lists all states. What grows beyond it is told,
and the exit code is 1.
"""

import argparse
import json
import math
import re
import sys
import time
import tomllib
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm import CATALOGUE  # noqa: E402
from refdgm.cases import Case, draw, symbols  # noqa: E402
from refdgm.declaration.symbols import SYMBOLS  # noqa: E402
from refdgm.reference import Reference  # noqa: E402
from validation.benchmarks.counting import FLOPS, PASSES, counted, counting  # noqa: E402

REPORTS = ROOT / "validation" / "reports"
STATES = math.inf  # the exponent of what lists all states
APART = 4  # a multiple of whatever a count has to be one of
COUNTED = tuple(range(8, 29, APART))  # six: of a cubic two differences vanish
LISTED = (4, 5, 6, 7, 8)  # where all states are listed
DOUBLED = {"B": 256, "M": 256, "T": 8, "L": 8, "steps": 8, "iterations": 8, "sweeps": 8}
ELSE = 32
LONG = 0.005  # seconds of a call, of which the exponent of time is told
NEAR = 0.4  # what an exponent of memory is beyond its theory where another array becomes the largest
FACTORS = re.compile(r"(?P<states>2\^)?(?P<size>\.\.\.|[A-Za-z]+)(\^(?P<power>\d))?$")


@cache
def declared() -> dict[str, dict[str, dict[str, float]]]:
    """{reference: {"work" or "memory": {size: exponent}}}, of all families."""
    files = sorted((ROOT / "refdgm" / "evidence").glob("*/growth.toml"))
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return {name: {what: exponents(text) for what, text in entry.items()} for table in tables
            for name, entry in table.items()}


def exponents(text: str) -> dict[str, float]:
    """Of "B D^3 2^H", by size."""
    found = {}
    for word in text.split():
        factor = FACTORS.match(word)
        if not factor:
            raise ValueError(f"{word!r} is no factor of a growth; write B, hidden^2 or 2^H")
        found[factor["size"]] = STATES if factor["states"] else float(factor["power"] or 1)
    return found


def sizes_of(ref: Reference) -> list[str]:
    """The sizes of its arrays, and its options that count something."""
    return sorted(symbols(ref) | {name for name in ref.options if ref.args[name].least is not None})


def asked(ref: Reference, size: str, many: int) -> Case | None:
    """A case with so many of it, the other sizes as they are drawn; none where the reference takes no such number."""
    if size in ref.bounds and not ref.bounds[size].holds(many):
        return None
    sizes = {size: SYMBOLS[size].alike(many)} if size in SYMBOLS else {}
    if size == "steps" and "T" in symbols(ref):  # through a schedule of more
        sizes["T"] = 2 * max(COUNTED)
    return draw(ref, 3, sizes=sizes, options={} if size in SYMBOLS else {size: many})


def work(ref: Reference, size: str, many: int) -> int | None:
    """Elements passed over and FLOPs, of the value and its pullback."""
    if (case := asked(ref, size, many)) is None:
        return None
    with np.errstate(all="ignore"), counting() as found:
        ref.answers(replace(case, arrays=counted(case.arrays)))
    return found[PASSES] + found[FLOPS]


def degree(of: Callable[[int], int | None]) -> float:
    """Of the polynomial, by differences; where these do not vanish, by the least that is near; or STATES."""
    values = [of(n) for n in COUNTED]
    if None in values:  # few are allowed, for all states are listed, or a table has a size
        values = [x for x in map(of, LISTED) if x is not None]
        if len(values) > 2 and all(b > 1.7 * a for a, b in pairwise(values)):
            return STATES
    numbers = np.asarray(values, dtype=object)
    for power in range(len(values) - 2):
        if not np.any(np.diff(numbers, power + 1)):
            return float(power)
    places, real = np.arange(len(values)), np.asarray(values, dtype=float)
    for power in range(1, 4):
        fit = np.polyval(np.polyfit(places, real, power), places)
        if np.max(np.abs(fit - real)) <= 0.1 * np.ptp(real):
            return float(power)
    return STATES


def exponent(first: float, second: float, third: float) -> float:
    """At n, 2n, 4n, of the increments; what hardly grows has the exponent 0."""
    low, high = second - first, third - second
    if high <= 0.02 * third or low <= 0:
        return 0.0
    return round(math.log2(high / low), 2)


def measured(ref: Reference, size: str) -> tuple[float, float | None]:
    """The exponents of memory and of time, none of what takes too little of it to be told."""
    start = DOUBLED.get(size, ELSE)
    cases = [asked(ref, size, start << n) for n in range(3)]
    if None in cases:
        cases = [asked(ref, size, n) for n in (4, 6, 8)]
    most, seconds = [], []
    for case in cases:
        assert case is not None, f"{ref.name} takes too few of {size}"
        with np.errstate(all="ignore"):
            ref.answers(case)  # what is made once does not count
            started = time.process_time()
            ref.answers(case)
            seconds.append(time.process_time() - started)
            tracemalloc.start()
            ref.answers(case)
            most.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    return exponent(*most), exponent(*seconds) if seconds[-1] > LONG else None


def grown(name: str) -> dict[str, dict[str, Any]]:
    """By size: work, memory and time."""
    ref, found = CATALOGUE[name], {}
    for size in sizes_of(ref):
        power = degree(lambda n, size=size: work(ref, size, n))  # type: ignore[misc]
        memory, seconds = measured(ref, size)
        states = power == STATES
        found[size] = {"work": "2^" if states else power, "memory": memory, "time": seconds}
    return found


def beyond(name: str, row: dict[str, dict[str, Any]]) -> list[str]:
    """What grows beyond what is declared."""
    theory, found = declared()[name], []
    for size, one in row.items():
        power = STATES if one["work"] == "2^" else float(one["work"])
        if power > theory["work"].get(size, 0):
            found.append(f"{name}: work in {size}")
        if float(one["memory"]) > theory["memory"].get(size, 0) + NEAR:
            found.append(f"{name}: memory in {size}")
    return found


def table(found: dict[str, Any]) -> str:
    lines = ["# Growth", "", f"By `python validation/make/growth.py --date {found['date']}`. Exponents of work "
             "(counted), of memory and of time (by increments from n to 2n and 4n; of time where a call takes 5 ms) in "
             "each size, the others small; what theory allows in brackets.", "",
             f"Beyond theory: {', '.join(found['beyond']) or 'nothing'}.", "", "| reference | work | memory | time |",
             "|---|---|---|---|"]
    for name, row in found["rows"].items():
        theory = declared()[name]
        cells = []
        for what in ("work", "memory"):
            cells.append(", ".join(f"{size} {_number(one[what])} ({_number(theory[what].get(size, 0))})"
                                   for size, one in row.items()))
        cells.append(", ".join(f"{size} {one['time']:.1f}" for size, one in row.items() if one["time"]))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _number(x: float | str) -> str:
    return "2^" if x in ("2^", STATES) else f"{float(x):.2g}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="the day to write into the record, YYYY-MM-DD")
    parser.add_argument("--only", action="append", choices=list(CATALOGUE), metavar="NAME",
                        help="this reference (may be repeated)")
    told = parser.parse_args(arguments)
    file = REPORTS / "growth.json"
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"] if told.only and file.exists() else {}
    for name in told.only or CATALOGUE:
        rows[name] = grown(name)
    rows = {name: rows[name] for name in CATALOGUE if name in rows}
    outside = [one for name, row in rows.items() for one in beyond(name, row)]
    found = {"date": told.date, "beyond": outside, "rows": rows}
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (REPORTS / "growth.md").write_text(table(found), encoding="utf-8")
    print("\n".join(found["beyond"]) or "nothing beyond theory")
    return int(bool(found["beyond"]))


if __name__ == "__main__":
    sys.exit(main())
