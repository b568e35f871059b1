"""Whose turn it is: of which references a run asks what is costly.

Tests that put the judge to one reference after the other cost a second or two of each, and half of the suite of all.
A run asks them of each whose own files are not those of which all were asked last (`validation/make/turns.py`, with
its record), and of a part of the others: every eighth of the catalogue where the shared code is what it was then,
every third where it has changed. Properties are asked of every reference in every run, with fewer examples of what is
settled: neither its own files nor the code that values and gradients rest on has changed, and it is not its turn.
`pytest --all-references` asks everything of all, and so does any `-k`.
"""

import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from refdgm.catalogue import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))  # validation/ is no package of the wheel

from validation.make import turns as record  # noqa: E402

CHANGED, SAME = 3, 8  # of how many one is asked
everyone = False  # told by conftest before anything is collected


def chosen(names: Iterable[str], was: dict[str, str], now: Callable[[str], str], every: int) -> frozenset[str]:
    """Every so manieth, and what is not as it was."""
    return frozenset(name for n, name in enumerate(names) if n % every == 0 or was.get(name) != now(name))


@cache
def asked() -> frozenset[str]:
    """The references whose turn it is."""
    if everyone:
        return frozenset(CATALOGUE)
    return chosen(CATALOGUE, record.recorded(), record.digest, SAME if unchanged() else CHANGED)


@cache
def unchanged(*areas: str) -> bool:
    """Whether the shared code of some areas is what it was when all were asked."""
    return all(record.recorded().get(area) == record.shared(area) for area in areas or record.AREAS)


def settled(name: str) -> bool:
    """Whether neither it nor what its values rest on has changed since all were asked, and it is not its turn."""
    return unchanged("maths") and name not in asked()


def in_turn(each: Iterable[Any], of: Callable[[Any], str] = str) -> list[Any]:
    """Those of which it is the turn; `of` tells the reference of one."""
    return [one for one in each if of(one) in asked()]
