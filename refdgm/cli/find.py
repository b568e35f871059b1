"""`refdgm find WORD…`: the references that are meant by a word, by a sentence or by a function of a library."""

import argparse
import json
import sys
from typing import Any

from refdgm.check.report.files import has_letters
from refdgm.cli.listing import summary
from refdgm.cli.refused import Refused
from refdgm.cli.searching import Found, few, nearest, search
from refdgm.cli.wide import width, wrapped
from refdgm.cli.words import asked
from refdgm.evidence.pages import pages

REASONS = 2  # that are told of each


def carry_out(args: argparse.Namespace) -> int:
    """Print them, best first."""
    text = " ".join(args.words)
    found = search(text)
    shown = found if args.all else few(found)
    if args.json:
        print(json.dumps([_entry(one) for one in shown], indent=1, ensure_ascii=not has_letters(sys.stdout)))
    if not found:
        raise Refused(nothing(text))
    if not args.json:
        print("\n".join(line for one in shown for line in lines(one, width())))
        if more := len(found) - len(shown):
            print(f"{more} more, further off: refdgm find --all {text}")
    return 0


def lines(found: Found, columns: int) -> list[str]:
    """Name, what it is, why it was found."""
    made = [found.reference.name, *wrapped(summary(found.reference), columns, "    ")]
    for field in found.fields[:REASONS]:
        made += wrapped(field.told, columns, "    · ", "      ")
    return made


def nothing(text: str) -> str:
    """What to say where no reference has all of the words."""
    each = [word for word in dict.fromkeys(text.split()) if search(word)] if len(asked(text)) > 1 else []
    if each:
        return f"nothing has all of {text!r}; {' and '.join(each)} by itself is found"
    if near := nearest(text):
        return f"nothing is known by {text!r}; the nearest words are {', '.join(near)}"
    return f"nothing is known by {text!r}, nor by a word like it; `refdgm list` has them all"


def _entry(found: Found) -> dict[str, Any]:
    reasons = [{"by": field.kind, "told": field.told} | (
        {"library": field.alias.title, "function": field.alias.name, "under": field.alias.under}
        if field.alias and field.alias.library else {}) for field in found.fields]
    ref = found.reference
    return {"name": ref.name, "summary": summary(ref), "score": round(found.score, 2), "found": reasons,
            "page": pages().get(ref.name), "module": ref.body.__module__}
