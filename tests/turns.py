"""Whose turn it is: of which references a run asks what is costly.

Tests that put the judge to one reference after the other cost a second or two of each, and half of the suite of all.
A run asks them of each whose own code is not that of which all was asked last (`validation/make/turns.py`, with its
record), and of every eighth of the others, from where the shared code says: as long as it stays what it is a run
asks the same, and of other code other ones. Properties are asked of every reference in every run, with fewer examples
where it is not its turn.
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

EVERY = 8  # of how many one is asked
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
