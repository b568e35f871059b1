"""What a variant is, and the decorator that declares one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refdgm.reference import Reference

Body = Callable[..., Any]


@dataclass(frozen=True)
class Variant:
    """A right body of another definition: `convention` is its name, `what` tells in a sentence what differs and where
    it is found."""

    reference: str
    convention: str
    body: Body
    what: str


VARIANTS: list[Variant] = []  # in the order of their declaration


def variant(convention: str, reference: Reference) -> Callable[[Body], Body]:
    """Declare a body as a variant; its docstring is `what`."""

    def declare(body: Body) -> Body:
        VARIANTS.append(Variant(reference.name, convention, body, " ".join((body.__doc__ or "").split())))
        return body

    return declare


def variants(convention: str, *references: Reference) -> Callable[[Callable[[Body], Body]], Callable[[Body], Body]]:
    """Declare a function that makes of the body of each of these references a variant."""

    def declare(make: Callable[[Body], Body]) -> Callable[[Body], Body]:
        for reference in references:
            body = make(reference.body)
            body.__doc__ = make.__doc__
            variant(convention, reference)(body)
        return make

    return declare
