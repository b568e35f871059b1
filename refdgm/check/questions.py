"""The cases of a check: the certified ones that are shipped, those of given files, or fresh ones of any size."""

from typing import Any

from refdgm.check import vectors
from refdgm.errors import ArgumentError
from refdgm.reference import Reference
from refdgm.testing.cases import SIZES, Case, draw, options_grid

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
        if symbol not in SIZES or not all(n.isdigit() and int(n) > 0 for n in number.split("x")):
            raise ArgumentError(
                f"a size is one of {', '.join(SIZES)} with a number, as in B=64,hidden=32x32; got {part!r}"
            )
        many = tuple(map(int, number.split("x")))
        found[symbol] = many if isinstance(SIZES[symbol], tuple) else many[0]
        if not isinstance(SIZES[symbol], tuple) and len(many) > 1:
            raise ArgumentError(f"{symbol} is one number, got {number!r}")
    return found
