"""Whose turn it is: of which references a run asks what is costly.

Tests that put the judge to one reference after the other cost a second or two of each, and half of the suite of all.
A run asks them of each whose own code is not that of which all was asked last (`validation/make/turns.py`, with its
record), and of every sixteenth of the others, from where the shared code says: as long as it stays what it is a run
asks the same, and of other code other ones. Properties are asked of every reference in every run, with fewer examples
where it is not its turn.

What does not go by references goes by turns where it is costly: of the tests that took 0.3 s of CPU or more when all
was asked, and whose file is what it was (and the page that it is about), a run of the whole suite asks a tenth.

`pytest --all-references` asks everything of all, and so does any `-k`; of a file or a folder that is named, all that is
costly is asked.
"""

import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from refdgm.catalogue import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))  # validation/ is no package of the wheel

from validation.make import turns as record  # noqa: E402

EVERY = 16  # of how many references one is asked
TENTH = 10  # of how many costly tests one is asked
NAMED = {"tests/docs/test_manual.py"}  # the site is built where it is named, as .ci/run does
everyone = False  # told by conftest before anything is collected


def chosen(names: Iterable[str], was: dict[str, str], now: Callable[[str], str], first: int = 0) -> frozenset[str]:
    """Every so manieth, and what is not as it was."""
    return frozenset(name for n, name in enumerate(names) if n % EVERY == first % EVERY or was.get(name) != now(name))


@cache
def asked() -> frozenset[str]:
    """The references whose turn it is."""
    if everyone:
        return frozenset(CATALOGUE)
    return chosen(CATALOGUE, record.recorded(), record.digest, int(record.shared(), 16))


def settled(name: str) -> bool:
    """Whether it is not its turn, and it has not changed since all was asked of it."""
    return name not in asked()


def in_turn(each: Iterable[Any], of: Callable[[Any], str] = str) -> list[Any]:
    """Those of which it is the turn; `of` tells the reference of one."""
    return [one for one in each if of(one) in asked()]


def by_references(module: ModuleType) -> bool:
    """Whether a module of tests goes by the references' turns already."""
    return any(x is sys.modules[__name__] or getattr(x, "__module__", "") == __name__ for x in vars(module).values())


def of_changed(file: Path) -> bool:
    """Whether it is the tests of a reference whose turn it is."""
    return any(file in record.own(name) for name in asked())


def waiting(costly: Iterable[Any], first: int) -> set[Any]:
    """Nine of ten, from where the shared code says; `costly` in one order whatever else is asked, the slowest first.
    They are dealt to and fro, so that each tenth takes about as long."""
    dealt = ((one, *divmod(n, TENTH)) for n, one in enumerate(costly))
    return {one for one, lap, place in dealt if (place if lap % 2 == 0 else TENTH - 1 - place) != first % TENTH}


def others_turn(items: Iterable[Any]) -> set[Any]:
    """The items of pytest that are costly and whose turn it is not, and those that a run of the whole suite leaves."""
    told, rounds, costly, named = record.costly(), {}, {}, set()
    for item in items:
        file, _, test = item.nodeid.partition("::")
        if file in NAMED:
            named.add(item)
        elif test in told.get(file, ()):
            if file not in rounds:
                rounds[file] = not by_references(item.module) and not of_changed(item.path)
            if rounds[file]:
                costly[item] = (-told[file][test], item.nodeid)
    return named | waiting(sorted(costly, key=costly.__getitem__), int(record.shared(), 16))
