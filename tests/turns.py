"""Whose turn it is: of which references a run asks what is costly.

Tests that put the judge to one reference after the other cost a second or two of each, and half of the suite of all.
A run asks them of every third of the catalogue, and of each whose own files are not those of which all were asked
last (`validation/make/turns.py`, with its record). `pytest --all-references` asks them of all, and so does any `-k`.
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

EVERY = 3
everyone = False  # told by conftest before anything is collected


def chosen(names: Iterable[str], was: dict[str, str], now: Callable[[str], str]) -> frozenset[str]:
    """Every third, and what is not as it was."""
    return frozenset(name for n, name in enumerate(names) if n % EVERY == 0 or was.get(name) != now(name))


@cache
def asked() -> frozenset[str]:
    """The references whose turn it is."""
    return frozenset(CATALOGUE) if everyone else chosen(CATALOGUE, record.recorded(), record.digest)


def in_turn(each: Iterable[Any], of: Callable[[Any], str] = str) -> list[Any]:
    """Those of which it is the turn; `of` tells the reference of one."""
    return [one for one in each if of(one) in asked()]
