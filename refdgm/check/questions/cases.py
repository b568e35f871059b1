"""The cases of a check: the certified ones that are shipped, those of given files, or fresh ones of any size."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from math import prod
from numbers import Integral
from typing import Any

import numpy as np

from refdgm.cases import AROUND, SIZES, Case, draw, entries, options_grid, shape_of, symbols, within
from refdgm.catalogue import CATALOGUE
from refdgm.check.questions import vectors
from refdgm.declaration.domain import Array, Parameters
from refdgm.declaration.symbols import SYMBOLS
from refdgm.errors import ArgumentError
from refdgm.reference import Reference

LARGEST = 2**34  # bytes that it may take to judge fresh cases
JUDGED = 40  # times the cases that a judge may hold: measured were 4 where all agrees, 33 where all differs
LONG = (17, 129, 1025)  # of an axis by which an error may grow: one more than blocks, so that the last is ragged
TILES = "tiles"  # the flag of these cases
NARROW = 2**19  # bytes of one of these cases, of which nobody asked for any
MOST = 2**22  # bytes of a case with such an axis
SHORT = 2.0**-10  # the least number of the regime "unit"
FRESH = ("unit", "near", "mixed")  # regimes of fresh cases


def shipped(ref: Reference) -> list[Case]:
    """With certified answers; the same objects every time, by which what is measured of a case is known again."""
    return list(_shipped(ref.name))


@cache
def _shipped(name: str) -> tuple[Case, ...]:
    return tuple(vectors.shipped(name).cases)


def fresh(
    ref: Reference, sizes: dict[str, Any] | None, seed: int | None, given: Mapping[str, Any] | None = None
) -> list[Case]:
    """Drawn: the combinations of options, of those that are `given` no others, in several regimes, judged by the
    float64 reference."""
    first = seed or 0
    return [
        _off_zero(ref, draw(ref, first + number, regime, sizes, options))
        for number, (options, regime) in enumerate((o, r) for o in options_grid(ref, given) for r in FRESH)
    ]


def tiles(ref: Reference, seed: int, options: Sequence[Mapping[str, Any]]) -> list[Case]:
    """Where one axis after the other is longer than the blocks of a kernel and all others are short: drawn,
    by turns with these options, judged by the float64 reference."""
    return list(_tiles(ref.name, seed, tuple(tuple(given.items()) for given in options)))


@lru_cache(maxsize=16)  # the same cases for the next candidate of the reference, so that what is measured of them holds
def _tiles(name: str, seed: int, options: tuple[tuple[tuple[str, Any], ...], ...]) -> tuple[Case, ...]:
    ref = CATALOGUE[name]
    sizes = [each for each in _around_tiles(ref)
             if within(ref, each) == each and bytes_of(ref, SIZES | each) <= NARROW]
    found = [_off_zero(ref, draw(ref, seed + n, "unit", each, dict(options[n % len(options)])))
             for n, each in enumerate(sizes)]
    return tuple(replace(case, id=f"{name}/{_told(each)}", flags=(TILES,))
                 for case, each in zip(found, sizes, strict=True))


def _off_zero(ref: Reference, case: Case) -> Case:
    """No drawn number of the whole line is exactly 0: at a kink there, as of |x| or max(x, 0), the derivative of a
    library is that of one side, and who writes a softplus with both is right."""
    line = [f"input.{name}" for name in ref.arrays if isinstance(ref.args[name], Array) and ref.args[name].support.line]
    return replace(case, arrays=case.arrays | {role: np.where(case.arrays[role] == 0, SHORT, case.arrays[role])
                                               for role in line})


def _around_tiles(ref: Reference) -> Iterator[dict[str, Any]]:
    """Of layers, and of steps, which are long only where nothing else is, the least of these lengths; where any network
    may stand, whose Jacobians cost too much, no axis along which there is one."""
    own = [symbol for symbol in SYMBOLS if symbol in symbols(ref)]
    within = any(isinstance(domain, Parameters) and isinstance(domain.of, str) for domain in ref.args.values())
    if within:
        own = [symbol for symbol in own if SYMBOLS[symbol].apart]
    steps = all(SYMBOLS[symbol].steps for symbol in own)
    for symbol in (symbol for symbol in own if steps or not SYMBOLS[symbol].steps):
        for n in AROUND[:1] if "hidden" in own or steps else AROUND:
            yield {symbol: (n,) if SYMBOLS[symbol].several else n}


def _told(sizes: Mapping[str, Any]) -> str:
    """ "K=130"."""
    return ",".join(f"{symbol}={'x'.join(map(str, n)) if isinstance(n, tuple) else n}" for symbol, n in sizes.items())


def long(ref: Reference) -> dict[str, list[Case]]:
    """By symbol: cases in which this one axis is long and all others are short, judged by the float64 reference."""
    found: dict[str, list[Case]] = {}
    for symbol in SYMBOLS:
        if symbol in symbols(ref) and not (SYMBOLS[symbol].several and symbol != "..."):
            every = [dict(SIZES) | {symbol: (n,) if SYMBOLS[symbol].several else n} for n in LONG]
            if all(within(ref, sizes) == sizes and bytes_of(ref, sizes) <= MOST for sizes in every):
                found[symbol] = [draw(ref, n, "unit", sizes) for n, sizes in zip(LONG, every, strict=True)]
    return found


def bytes_of(ref: Reference, sizes: Mapping[str, Any]) -> int:
    """Of the arrays of a case and of the largest that answers it, before any of them is made."""
    full = ref.sized(sizes, options_grid(ref)[0])
    arrays = [domain.shape for domain in (*ref.args.values(), *ref.result.values()) if isinstance(domain, Array)]
    total = sum(prod(shape_of(shape, full)) for shape in [*arrays, ref.work])
    for domain in ref.args.values():
        if isinstance(domain, Parameters):
            fields = ref.args[domain.of].known.values() if isinstance(domain.of, str) else ()
            layouts = [field.layout for field in fields] or [domain.of]
            total += max(sum(map(prod, entries(domain, layout, full).values())) for layout in layouts)
            total += full["B"] * max(full["hidden"])
    return 8 * total


def sizes(text: str) -> dict[str, Any]:
    """`B=4096,K=1025`, `hidden=64x64`, `...=3x32x32`."""
    found: dict[str, Any] = {}
    for part in text.split(","):
        symbol, _, number = part.partition("=")
        if not re.fullmatch(r"[0-9]+(x[0-9]+)*", number, re.ASCII):
            raise ArgumentError(f"--shape must be sizes such as B=64,hidden=32x32, got {part!r}")
        if symbol in found:
            raise ArgumentError(f"--shape must give each size once, got {symbol} twice; leave one out")
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
    """Refuse a size that no reference asked about has, for it would change nothing, and sizes that are too large."""
    known = [symbol for symbol in SYMBOLS if any(symbol in symbols(ref) for ref in refs)]
    for symbol in sizes:
        follows = next((ref for ref in refs if symbol in ref.derived and symbol not in known), None)
        if follows:
            raise ArgumentError(f"{symbol} of {follows.name} follows from others and is not chosen, got {symbol} = "
                                f"{sizes[symbol]}; it is {follows.derived[symbol].words}")
        if refs and symbol not in known:
            whose = refs[0].name if len(refs) == 1 else "what is asked about"
            raise ArgumentError(
                f"a size must be one that {whose} has ({', '.join(known) or 'none'}), got {symbol!r}; leave it out"
            )
    for ref in refs:
        for symbol, size in sizes.items():
            if symbol in ref.bounds and not ref.bounds[symbol].holds(size):
                bound = ref.bounds[symbol]
                raise ArgumentError(f"{ref.name} needs {symbol} of {bound}, got {symbol} = {size}; {bound.why}")
        if (most := JUDGED * bytes_of(ref, SIZES | dict(sizes)) * len(FRESH) * len(options_grid(ref))) > LARGEST:
            raise ArgumentError(f"to judge the cases of {ref.name} may take {most / 2**30:,.1f} GiB in these sizes, "
                                f"limit {LARGEST / 2**30:g} GiB; choose smaller sizes")
