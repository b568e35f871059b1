"""`refdgm docs NAME`: the page that derives a reference, in the pager; it is in the wheel."""

import argparse
import pydoc
import webbrowser
from pathlib import Path

from refdgm.cli.reading import readable
from refdgm.cli.refused import Refused
from refdgm.cli.wide import width
from refdgm.evidence.pages import folder, pages, text


def carry_out(args: argparse.Namespace) -> int:
    """Show it, or say where it lies."""
    page = page_of(args.name)
    place = folder().joinpath(f"{page}.md")
    if args.path:
        print(place)
    elif args.web:
        print(_opened(page))
    else:
        pydoc.pager(readable(text(page), width()) + f"\n\n{place}\n")
    return 0


def page_of(name: str) -> str:
    """The page of a reference, or the page of this name."""
    from refdgm.catalogue import CATALOGUE, unknown

    known = pages()
    if name in known:
        return known[name]
    if name in known.values():
        return name
    raise Refused(f"{name} has no page in the index of the derivations" if name in CATALOGUE else unknown(name))


def _opened(page: str) -> str:
    """The address in the manual that was built in this checkout, once a browser was asked to open it."""
    built = Path(__file__).resolve().parents[2] / "docs" / "_site" / "derivations" / f"{page}.html"
    if not built.is_file():
        raise Refused("--web needs the manual, which is not built here: `python docs/build.py` makes it in a checkout; "
                      f"without it `refdgm docs {page}` shows the same page")
    webbrowser.open(built.as_uri())
    return built.as_uri()
