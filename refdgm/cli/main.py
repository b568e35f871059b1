"""The command `refdgm`: check, list, show, doctor."""

import argparse
import difflib
import json
import sys
from collections.abc import Sequence
from typing import Any

from refdgm.version import __version__

EMBEDDED = "refdgm.check.candidate.embedded"
DTYPES = ("float64", "float32", "float16", "bfloat16")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    main = argparse.ArgumentParser(
        "refdgm", description="Reference implementations of deep generative models."
    )
    main.add_argument("--version", action="version", version=f"refdgm {__version__}")
    commands = main.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check",
        help="compare an implementation with certified numbers",
        description="Compare value and every gradient of an implementation with certified numbers. Running the "
        "module is running its code, in a child process of yours; check only what you would run.",
        epilog="exit codes: 0 agrees, 1 differs, 2 usage, 3 the candidate raised, 4 timeout, 5 a bad vector file; "
        "1 wins over 3 to 5",
    )
    check.add_argument(
        "module",
        nargs="?",
        default=EMBEDDED,
        help="my_losses.py or a dotted module; without it, the embedded textbook definitions",
    )
    check.add_argument(
        "--select",
        metavar="NAMES",
        action="append",
        help="references, separated by commas; a missing one fails",
    )
    check.add_argument("--dtype", choices=DTYPES, help="default: float64, or what the candidate declares")
    check.add_argument(
        "--shape", metavar="B=64,K=10", help="fresh cases of these sizes, judged by the float64 reference"
    )
    check.add_argument("--seed", type=int, metavar="N", help="fresh cases from this seed")
    check.add_argument(
        "--vectors", metavar="INDEX", action="append", help="cases of this index file, not the shipped ones"
    )
    check.add_argument("--device", default="cpu", help="cpu (default), cuda, cuda:1")
    check.add_argument(
        "--strict", action="store_true", help="lost digits, a lower dtype and undeclared conventions fail too"
    )
    check.add_argument(
        "--timeout", type=float, default=60.0, metavar="S", help="seconds for one case (default 60)"
    )
    check.add_argument(
        "--memory", type=float, default=16.0, metavar="GIB", help="memory of the candidate (default 16)"
    )
    check.add_argument("--json", action="store_true", help="print the report as JSON, not as a table")
    check.add_argument(
        "--report",
        metavar="FILE",
        action="append",
        default=[],
        help="write the report, as JSON to a .json, as JUnit XML to an .xml; over nothing but a report of before",
    )
    check.add_argument("--output", action="store_true", help="show what the candidate printed")
    listing = commands.add_parser("list", help="the references, by family")
    listing.add_argument("family", nargs="?", help="of this family alone")
    listing.add_argument("--json", action="store_true", help="print it as JSON")
    commands.add_parser("show", help="one reference on one page").add_argument("name")
    commands.add_parser("doctor", help="what is installed, and what it allows")
    return main


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    args = parser().parse_args(argv)
    try:
        return {"check": check, "list": listing, "show": show, "doctor": doctor}[args.command](args)
    except BrokenPipeError:
        return 2


def check(args: argparse.Namespace) -> int:
    from refdgm.cli.check import run

    return run(args)


def listing(args: argparse.Namespace) -> int:
    """Every reference, or those of one family, with the first line of its docstring."""
    from refdgm.catalogue import FAMILIES

    if args.family is not None and args.family not in FAMILIES:
        return usage(f"there is no family {args.family!r}; there are {', '.join(FAMILIES)}")
    asked = {name: refs for name, refs in FAMILIES.items() if args.family in (None, name)}
    if args.json:
        table: dict[str, Any] = {
            family: {
                ref.name: {
                    "summary": _summary(ref),
                    "arrays": list(ref.arrays),
                    "options": list(ref.options),
                    "outputs": list(ref.result),
                    "gradients": list(ref.wrt),
                    "conventions": list(ref.conventions),
                    "source": ref.source,
                }
                for ref in refs
            }
            for family, refs in asked.items()
        }
        print(json.dumps(table, indent=1, ensure_ascii=False))
        return 0
    width = max(len(ref.name) for refs in asked.values() for ref in refs)
    for family, refs in asked.items():
        print(family)
        for ref in refs:
            print(f"  {ref.name:<{width}}  {_summary(ref)}")
    return 0


def _summary(ref: Any) -> str:
    return (ref.body.__doc__ or "").strip().partition("\n")[0]


def show(args: argparse.Namespace) -> int:
    from refdgm.catalogue import CATALOGUE

    if args.name not in CATALOGUE:
        return usage(unknown(args.name, list(CATALOGUE)))
    from refdgm.cli import show as page

    print(page.show(CATALOGUE[args.name]))
    return 0


def doctor(args: argparse.Namespace) -> int:
    from refdgm.cli import doctor as page

    print(page.doctor())
    return 0


def unknown(name: str, known: list[str]) -> str:
    """What to say of a name that is not in the catalogue."""
    near = difflib.get_close_matches(name, known, 1)
    return f"there is no reference {name!r}" + (
        f"; is it {near[0]}?" if near else "; `refdgm list` has them all"
    )


def usage(message: str) -> int:
    print(f"refdgm: {message}", file=sys.stderr)
    return 2
