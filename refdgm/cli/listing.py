"""`refdgm list [FAMILY]`: every reference, with the first line of its docstring."""

import argparse
import json
import sys
from typing import Any

from refdgm.check.report.files import has_letters
from refdgm.cli.refused import Refused
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
    width = max(len(ref.name) for refs in asked.values() for ref in refs)
    for family, refs in asked.items():
        print(family)
        for ref in refs:
            print(f"  {ref.name:<{width}}  {_summary(ref)}")
    return 0


def _entry(ref: Reference) -> dict[str, Any]:
    return {
        "summary": _summary(ref),
        "arrays": list(ref.arrays),
        "kinds": {name: ref.args[name].kind for name in ref.arrays},
        "options": list(ref.options),
        "outputs": list(ref.result),
        "gradients": list(ref.wrt),
        "conventions": [*ref.conventions, *ref.exchanges],
        "source": ref.source,
    }


def _summary(ref: Reference) -> str:
    return (ref.body.__doc__ or "").strip().partition("\n")[0]
