"""The stages of a step: named intermediates by its definition, in order, so that a port finds the first that departs.

`refdgm/evidence/<family>/<concept>/stages.py` has one function for a reference, of the arguments of its definition and
in the same vocabulary, that yields `(name, what it is, array)`; the last is its value. Nothing of it knows the body.
"""

from collections.abc import Callable, Iterator
from typing import Any

from refdgm.catalogue import CATALOGUE
from refdgm.evidence import find

Stage = tuple[str, str, Any]
Text = Callable[..., Iterator[Stage]]


def text(reference: str) -> Text | None:
    """The stages of a reference by its name; None where it has none."""
    found: Text | None = getattr(find.module(find.concept(reference), "stages"), reference, None)
    return found


def staged() -> list[str]:
    """The references that have stages, in the order of the catalogue."""
    return [name for name in CATALOGUE if text(name) is not None]
