"""The cases of a check: the certified ones that are shipped, those of given files, or fresh ones of any size."""

import re
from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Any

from refdgm.cases import Case, draw, options_grid, symbols
from refdgm.check.questions import vectors
from refdgm.declaration.symbols import SYMBOLS
from refdgm.errors import ArgumentError
from refdgm.reference import Reference

FRESH = ("unit", "near", "mixed")  # regimes of fresh cases


def shipped(ref: Reference) -> list[Case]:
    """With certified answers."""
    return vectors.shipped(ref.name).cases


def fresh(ref: Reference, sizes: dict[str, Any] | None, seed: int | None) -> list[Case]:
    """Drawn: every combination of options, in several regimes; judged by the float64 reference."""
    first = seed or 0
    return [
        draw(ref, first + number, regime, sizes, options)
        for number, (options, regime) in enumerate((o, r) for o in options_grid(ref) for r in FRESH)
    ]


def sizes(text: str) -> dict[str, Any]:
    """`B=4096,K=1025`, `hidden=64x64`, `...=3x32x32`."""
    found: dict[str, Any] = {}
    for part in filter(None, text.split(",")):
        symbol, _, number = part.partition("=")
        if not re.fullmatch(r"[0-9]+(x[0-9]+)*", number, re.ASCII):
            raise ArgumentError(f"--shape must be sizes such as B=64,hidden=32x32, got {part!r}")
        many = tuple(map(int, number.split("x")))
        found[symbol] = many[0] if len(many) == 1 else many
    return whole(found)


def whole(given: Any) -> dict[str, Any]:
    """The sizes, if every one is of a symbol that there is, and a whole number of at least 1."""
    if not isinstance(given, Mapping):
        raise ArgumentError(f'sizes must be a dictionary such as {{"B": 64, "hidden": (32, 32)}}, got {given!r}')
    found: dict[str, Any] = {}
    for symbol, size in given.items():
        if symbol not in SYMBOLS:
            raise ArgumentError(
                f"a size must be of {', '.join(SYMBOLS)}, got {symbol!r}; "
                "`refdgm show NAME` tells which a reference has"
            )
        many = tuple(size) if isinstance(size, (tuple, list)) else (size,)
        if not all(isinstance(n, Integral) and not isinstance(n, bool) and int(n) >= 1 for n in many):
            raise ArgumentError(f"{symbol} must be at least 1 and a whole number, got {size!r}")
        if SYMBOLS[symbol].several:
            found[symbol] = tuple(map(int, many))
        elif len(many) == 1:
            found[symbol] = int(many[0])
        else:
            several = " and ".join(name for name, row in SYMBOLS.items() if row.several)
            raise ArgumentError(f"{symbol} must be one number, got {size!r}; {several} take several")
    return found


def used(sizes: Mapping[str, Any], refs: Sequence[Reference]) -> None:
    """Refuse a size that no reference asked about has: it would change nothing."""
    known = [symbol for symbol in SYMBOLS if any(symbol in symbols(ref) for ref in refs)]
    for symbol in sizes:
        if refs and symbol not in known:
            whose = refs[0].name if len(refs) == 1 else "what is asked about"
            raise ArgumentError(
                f"a size must be one that {whose} has ({', '.join(known) or 'none'}), got {symbol!r}; leave it out"
            )
