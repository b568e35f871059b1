"""`refdgm list [FAMILY]`: every reference, with the first sentence of its docstring."""

import argparse
import inspect
import json
import re
import sys
from typing import Any

from refdgm.check.report.files import has_letters
from refdgm.cli.refused import Refused
from refdgm.cli.wide import width, wrapped
from refdgm.reference import Reference


def carry_out(args: argparse.Namespace) -> int:
    """Print them."""
    from refdgm.catalogue import FAMILIES

    if args.family is not None and args.family not in FAMILIES:
        raise Refused(f"there is no family {args.family!r}; there are {', '.join(FAMILIES)}")
    asked = {name: refs for name, refs in FAMILIES.items() if args.family in (None, name)}
    if args.json:
        table = {family: {ref.name: _entry(ref) for ref in refs} for family, refs in asked.items()}
        print(json.dumps(table, indent=1, ensure_ascii=not has_letters(sys.stdout)))
        return 0
    columns, first = width(), max(len(ref.name) for refs in asked.values() for ref in refs) + 4
    for family, refs in asked.items():
        print(family)
        for ref in refs:
            print("\n".join(wrapped(summary(ref), columns, f"  {ref.name:<{first - 2}}", " " * first)))
    return 0


def _entry(ref: Reference) -> dict[str, Any]:
    return {
        "summary": summary(ref),
        "arrays": list(ref.arrays),
        "kinds": {name: ref.args[name].kind for name in ref.arrays},
        "options": list(ref.options),
        "outputs": list(ref.result),
        "gradients": list(ref.wrt),
        "conventions": [*ref.conventions, *ref.exchanges],
        "source": ref.source,
    }


def summary(ref: Reference) -> str:
    """The first sentence of its docstring, without what leads over to an equation."""
    paragraph = " ".join((inspect.getdoc(ref.body) or "").split("\n\n")[0].split())
    return re.split(r"(?<=\.) (?=[^a-z])", paragraph)[0].rstrip(" ,:;")
