"""What `refdgm check` says of right functions as the field writes them, in validation/corpus/.

    python validation/make/corpus.py --date 2026-11-29        writes validation/reports/corpus.md
    python validation/make/corpus.py --only gaussian_kl       prints the rows of a reference, writes nothing

Every form is asked in float64 and in float32 on the shipped cases, and in float64 on fresh ones of odd sizes. Needs
torch and autograd; takes some minutes.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from validation.corpus import FAMILIES  # noqa: E402
from validation.corpus.blamed import BLAMED, HOW, WHO  # noqa: E402
from validation.corpus.running import asked, digits, forms, is_blamed, worst  # noqa: E402

REPORT = ROOT / "validation" / "reports" / "corpus.md"


def row(place: tuple[str, int]) -> tuple[list[str], list[str]]:
    """The cells of one form, and the lines on its blames. A place is a family and a number, for a process to find."""
    form = forms(place[0])[place[1]]
    found = {how: asked(form, how) for how in HOW}
    cells = [form.reference, form.name, form.typical, form.framework]
    cells += ["" if it is None else f"**{it.verdict}**" if is_blamed(it) else it.verdict for it in found.values()]
    cells += ["" if it is None else f"{digits(it):.1f}" for it in found.values()]
    lines = []
    for how, it in found.items():
        if it is not None and is_blamed(it):
            who, why = BLAMED.get((form.name, how), ("unknown", "not told yet"))
            lines += [f"- `{form.name}` ({form.reference}, {how}). {WHO.get(who, who)}: {why}"]
            lines += [f"  - {line}" for line in worst(it)]
    return cells, lines


def table(rows: list[list[str]]) -> list[str]:
    head = ["reference", "form", "typical of", "framework", *HOW, *(f"digits, {how}" for how in HOW)]
    return [f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows]]


def text(found: list[tuple[list[str], list[str]]], date: str) -> str:
    rows, lines = [cells for cells, _ in found], [line for _, some in found for line in some]
    places = [(cells[1], how) for cells in rows for n, how in enumerate(HOW) if "**" in cells[4 + n]]
    of = lambda who: sum(BLAMED.get(place, ("",))[0] == who for place in places)
    counts = ", ".join(f"{sum(it == how for _, it in places)} of {sum(bool(cells[4 + n]) for cells in rows)} in {how}"
                       for n, how in enumerate(HOW))
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "autograd", "torch"))
    return f"""# What is said of right code

Made by `python validation/make/corpus.py --date {date}`; {versions}.

{len(rows)} forms of {len({cells[0] for cells in rows})} references, as the field writes them, by authors who had not
seen what the check allows. Float64 and float32 ask the shipped cases, fresh those of odd sizes in float64, where there
are few options. Digits are those of the worst element of all roles and cases, ill-conditioned ones included.

Blamed: {counts}.
In {of("check")} of these the form is right and only loses digits; in {of("form")} the check is right, for the form
fails at that input; {of("open")} can be seen either way.

## Blamed

{chr(10).join(lines)}

## All

{chr(10).join(table(rows))}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--date", help="of this run, written into the report")
    parser.add_argument("--only", help="one reference: printed, not written")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    args = parser.parse_args()
    if not args.only and not args.date:
        parser.error("--date is asked for, that of the run; or --only, which prints")
    places = [(family, n) for family in FAMILIES for n, form in enumerate(forms(family))
              if args.only in (None, form.reference)]
    with ProcessPoolExecutor(args.jobs) as pool:
        found = list(pool.map(row, places))
    if args.only:
        print("\n".join(line for cells, lines in found for line in [" | ".join(cells), *lines]))
    else:
        REPORT.write_text(text(found, args.date), encoding="utf-8")


if __name__ == "__main__":
    main()
