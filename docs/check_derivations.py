"""Check the derivation pages: every line of every derivation, at random points, with 40 digits.

    python docs/check_derivations.py                        all pages
    python docs/check_derivations.py gumbel_softmax         one page
    python docs/check_derivations.py --assumptions          what the pages assume and do not check

A page is Markdown with blocks of three kinds, written so that the host of a repository sets them:

    <details><summary>given <code>name</code></summary>       then ```python, statements: the objects of the
                                                              chain that follows, at random points
    ```math                                                   TeX, then
    <details><summary>definition <code>name</code></summary>  then ```python, an expression that says the same:
                                                              a chain begins here
    ```math                                                   TeX, then
    <details><summary>✓ <code>name</code></summary>           the same, of a step that is compared
    > ⚠ **Known mistake**: a sentence.                        then
    <details><summary>⚠ <code>step</code></summary>           then ```python, a wrong expression that must be
                                                              caught at that step

Each ends with </details>, with an empty line around every part. The first step after objects is the definition
from which a chain starts; each further step must have the value of the step before it,
|a − b| / (1 + |b|) ≤ tol in every entry. Fields of a step, one a line at the top of its expression:

    # from: name | none       compare with that step instead; `none` starts a new chain
    # tol: 1e-20              instead of 10^(10 − digits); a looser one needs a reason
    # because: text           an assumption, or the reason for the tolerance
    # code: module:function   the package's own function; a second ```python has an expression that calls
                             it as `package(...)`, evaluated in float64 and compared with the step's value
    # float64: 1e-12          the tolerance of that comparison

Equality at random points is strong evidence, not proof; what it cannot see (exchanged limits, vanishing
boundary terms) stands in `because`. Pages are executed: check only pages that you would run as programs.
"""

import argparse
import sys
from pathlib import Path

from derivation_checker.checking import check
from derivation_checker.form import parse
from derivation_checker.page import BadPage, Step

PAGES = Path(__file__).resolve().parent / "derivations"
ERRATA = PAGES.parent / "errata.md"  # of the same form


def pages(names=()):
    """The files of the named pages; of all of them where none is named."""
    every = [*sorted(p for p in PAGES.glob("*.md") if p.name != "README.md"), ERRATA]
    known = {p.stem: p for p in every}
    return [p if (p := Path(n)).suffix == ".md" and p.exists() else known.get(p.stem, PAGES / f"{p.stem}.md")
            for n in names] or every


def load(path):
    return parse(path.read_text(encoding="utf-8"), path.name)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Check the derivation pages at random points.")
    parser.add_argument("page", nargs="*", help="page names or files (default: all)")
    parser.add_argument("--digits", type=int, default=40)
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--steps", action="store_true", help="the errors of every step")
    parser.add_argument("--maths-only", action="store_true", help="do not run the package's functions")
    parser.add_argument("--assumptions", action="store_true", help="list what the pages assume")
    options = parser.parse_args(arguments)
    if not 20 <= options.digits <= 45 or options.trials < 1:
        parser.error("20 to 45 digits (integrals are cut where 45 do not notice) and at least one trial")
    failed = False
    for path in pages(options.page):
        try:
            page = load(path)
        except (BadPage, OSError) as error:
            print(f"FAILED {error}")
            failed = True
            continue
        if options.assumptions:
            for step in page.of(Step):
                if "because" in step.fields:
                    print(f"{page.name}: {step.name}: {step.fields['because']}")
            continue
        report = check(page, digits=options.digits, trials=options.trials, code=not options.maths_only)
        print(report, flush=True)
        if options.steps:
            print(*report.table(), sep="\n")
        for failure in report.failures:
            print(f"  {failure}")
        failed |= bool(report.failures)
    return int(failed)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))     # a checkout needs no installation
    sys.exit(main())
