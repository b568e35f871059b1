"""What a mistake is, and the decorator that declares one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refdgm.reference import Reference


@dataclass(frozen=True)
class Mistake:
    """A wrong body of a reference.

    A role is an output by its name, or `gradient.<argument>`. `reveals` are the roles that differ from the
    reference wherever the mistake can show; `hides` are those that never do. `seen` names public places where
    people made it, `what` says in a sentence what is wrong.
    """

    name: str
    reference: str
    body: Callable[..., Any]
    reveals: tuple[str, ...]
    hides: tuple[str, ...]
    seen: str
    what: str


def roles(reference: Reference) -> tuple[str, ...]:
    """Everything in which an implementation can differ: the outputs, then the gradients."""
    return (*reference.result, *(f"gradient.{name}" for name in reference.wrt))


def mistake(reference: Reference, *reveals: str, seen: str = "") -> Callable[[Callable[..., Any]], Mistake]:
    """Declare a body as a mistake; it shows in all roles unless some are named. Its docstring is `what`."""
    known = roles(reference)
    if not set(reveals) <= set(known):
        raise ValueError(f"{reference.name} has the roles {', '.join(known)}, not {', '.join(reveals)}")
    shown = tuple(role for role in known if role in reveals) or known

    def declare(body: Callable[..., Any]) -> Mistake:
        return Mistake(
            name=f"{reference.name}/{body.__name__}",
            reference=reference.name,
            body=body,
            reveals=shown,
            hides=tuple(role for role in known if role not in shown),
            seen=seen,
            what=" ".join((body.__doc__ or "").split()),
        )

    return declare
