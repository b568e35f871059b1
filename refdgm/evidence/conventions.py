"""By what definitions of the field a candidate may understand a reference: maps of arguments and outputs that the
reference declares, other bodies (its variants), and one of these with one of those."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from refdgm.catalogue import CATALOGUE
from refdgm.declaration.domain import Exchange, Map
from refdgm.evidence.find import variants


@dataclass(frozen=True)
class Convention:
    """theirs = map(ours), of what is mapped, for the numbers of `body`; `mapped` is the name of the maps alone, or of
    the exchange of an argument."""

    maps: Mapping[str, Map]
    body: Callable[..., Any]
    mapped: str = ""
    exchange: Exchange | None = None


@cache
def of(reference: str) -> dict[str, Convention]:
    """The conventions of a reference by name; the plainest first."""
    ref = CATALOGUE[reference]
    mapped = {name: Convention(dict(maps), ref.body, name) for name, maps in ref.conventions.items()}
    varied = {entry.convention: Convention({}, entry.body) for entry in variants(reference)}
    both = {
        f"{one}; {other}": Convention(mapped[other].maps, varied[one].body, other) for one in varied for other in mapped
    }
    passed = {name: Convention({}, ref.body, name, one) for name, one in ref.exchanges.items()}
    both |= {f"{one}; {other}": Convention({}, varied[one].body, other, ref.exchanges[other])
             for one in varied for other in ref.exchanges}
    passed |= {f"{one}; {other}": Convention(mapped[other].maps, ref.body, f"{one}; {other}", ref.exchanges[one])
               for one in ref.exchanges for other in mapped}
    return mapped | varied | both | passed
