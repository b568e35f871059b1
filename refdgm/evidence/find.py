"""Evidence by path: `refdgm/evidence/<family>/<concept>/<kind>.py`, where the concept is the module of the maths.

What is asked of one reference imports the folder of its concept alone. The order is that of the catalogue, then that of
the file.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, TypeVar

from refdgm.catalogue import CATALOGUE
from refdgm.evidence.ask import NOTES, Ask
from refdgm.evidence.declare import Mistake, Rewrite, Variant
from refdgm.evidence.generic import rewrites_of

KINDS = ("definition", "mistakes", "rewrites", "variants", "cases", "stages")

Declared = TypeVar("Declared", Mistake, Rewrite, Variant)


def concept(reference: str) -> str:
    """`primitives.softmax`: family and concept of a reference, by its name."""
    return CATALOGUE[reference].body.__module__.removeprefix("refdgm.")


def concepts() -> list[str]:
    """All of them, in the order of the catalogue."""
    return list(dict.fromkeys(map(concept, CATALOGUE)))


def module(of: str, kind: str) -> ModuleType | None:
    """The evidence of one kind on a concept; None where there is none of it."""
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    name = f"refdgm.evidence.{of}.{kind}"
    folder = find_spec(name.rpartition(".")[0].rpartition(".")[0]) and find_spec(name.rpartition(".")[0])
    return import_module(name) if folder and find_spec(name) else None


def mistakes(reference: str | None = None, blind: bool | None = None) -> list[Mistake]:
    """The mistakes of one reference by its name, or of all, those that are not blind first; or one of the two sorts."""
    found = _all(reference, "mistakes", Mistake)
    return [one for sort in (False, True) if blind in (None, sort) for one in found if one.blind is sort]


def rewrites(reference: str | None = None) -> list[Rewrite]:
    """The rewrites of one reference by its name, or of all: its own, then those that can be made of any."""
    if reference is None:
        return [one for name in CATALOGUE for one in rewrites(name)]
    return [*_all(reference, "rewrites", Rewrite), *rewrites_of(CATALOGUE[reference])]


def variants(reference: str | None = None) -> list[Variant]:
    """The variants of one reference by its name, or of all."""
    return _all(reference, "variants", Variant)


def asks(reference: str) -> list[Ask]:
    """The cases that are shipped of a reference, as they are asked for."""
    found: list[Ask] = of_cases(reference, "CASES")
    return found


def notes(reference: str) -> dict[str, str]:
    """What the flags of its cases mean, and of the other cases of its concept."""
    found = module(concept(reference), "cases")
    return NOTES | (found.NOTES if found else {})


def of_cases(reference: str, table: str, without: Any = ()) -> Any:
    """The entry of a reference in a table of its `cases.py`; `without` where that has no such table or entry."""
    return getattr(module(concept(reference), "cases"), table, {}).get(reference, without)


def _all(reference: str | None, kind: str, sort: type[Declared]) -> list[Declared]:
    names = list(CATALOGUE) if reference is None else [reference]
    return [one for name in names for one in _declared(name, kind, sort) if one.reference == name]


def _declared(reference: str, kind: str, sort: type[Declared]) -> Iterator[Declared]:
    """What stands in a file by itself, and what stands there in a tuple."""
    for entry in vars(module(concept(reference), kind) or object).values():
        for one in entry if isinstance(entry, tuple) else (entry,):
            if isinstance(one, sort):
                yield one
