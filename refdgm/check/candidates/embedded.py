"""The embedded candidate: every reference as its definition is usually written, differentiated by HIPS autograd.

What a bare `refdgm check` checks, and what the tolerance measures an honest evaluation by.
"""

from functools import cache, partial
from typing import Any

import autograd.numpy as np

from refdgm.catalogue import CATALOGUE
from refdgm.check.candidates.entry import adapted
from refdgm.check.candidates.form import Candidate
from refdgm.declaration.domain import Limit
from refdgm.evidence.definitions import definition
from refdgm.evidence.nets.fields import otherwise
from refdgm.reference import Reference

FRAMEWORK = "autograd"


def _entry(ref: Reference, function: Any) -> dict[str, Any]:
    """The gradient of an algorithm comes with its value."""
    return {"function": function, "framework": FRAMEWORK, "pair": isinstance(ref.derivative_of, Limit)}


@cache
def usual(reference: str) -> list[Candidate]:
    """The usual forms, that of the embedded candidate first."""
    ref = CATALOGUE[reference]
    return [adapted(ref, _entry(ref, partial(text, np))) for text in definition(reference).usual.values()]


@cache
def linear(reference: str) -> Candidate | None:
    """The usual form with what some library has in place of one of its functions, where it has one."""
    ref, texts = CATALOGUE[reference], definition(reference)
    if texts.linear is not None:
        return adapted(ref, _entry(ref, partial(texts.linear, np)))
    fields = [name for name in ref.options if ref.args[name].field]
    if not fields:
        return None
    text = texts.usual["usual"]
    exchanged = lambda *args, **options: text(np, *args, **options | {n: otherwise(options[n]) for n in fields})
    return adapted(ref, _entry(ref, exchanged))


@cache
def written(reference: str) -> Candidate | None:
    """The definition itself, word for word, where it is not the usual form. None too where its derivative is not the
    one that is asked for, or where it writes out a network, which an author receives as a function."""
    ref, texts = CATALOGUE[reference], definition(reference)
    fields = any(ref.args[name].field for name in ref.options)
    if fields or texts.held is not None or texts.texts[""] is texts.usual["usual"]:
        return None
    return adapted(ref, _entry(ref, partial(texts.texts[""], np)))


def __getattr__(name: str) -> Any:
    """`CANDIDATES`, all of them, where the embedded candidate is what is checked: the tolerance of one reference needs
    its own definition alone."""
    if name == "CANDIDATES":
        return {one: _entry(CATALOGUE[one], usual(one)[0].function) for one in CATALOGUE}
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
