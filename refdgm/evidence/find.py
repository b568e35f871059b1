"""Evidence by path: `refdgm/evidence/<family>/<concept>/<kind>.py`, where the concept is the module of the maths."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from refdgm.catalogue import CATALOGUE

KINDS = ("definition", "mistakes", "rewrites", "variants", "cases")


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
