"""Mistakes, rewrites and variants: bodies beside a reference, and the decorators that declare them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refdgm.reference import Reference

DOUBLE, SINGLE = 2.0**-52, 2.0**-23

Body = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A wrong body of a reference: a wrong equation, rightly differentiated, or wrong in its gradient alone. What is a
    convention of the field is not among them: that is a difference, not an error.

    A role is an output by its name, or `gradient.<argument>`. `reveals` are the roles that differ from the
    reference wherever the mistake can show; `hides` are those that never do. `seen` names public places where
    people made it, `what` says in a sentence what is wrong. Most were known when the cases were chosen; those that are
    `blind` were written afterwards, by people who had not seen the cases or after public code, and are counted apart:
    they measure what the cases find that nobody had in mind.
    """

    name: str
    reference: str
    body: Body
    reveals: tuple[str, ...]
    hides: tuple[str, ...]
    seen: str
    what: str
    blind: bool = False


@dataclass(frozen=True)
class Rewrite:
    """A right body written otherwise: another form, another order of summation, another dtype. A test that blames one
    of these costs its user a day. `eps` is the unit roundoff with which it computes, `what` says how it differs."""

    name: str
    reference: str
    body: Body
    what: str
    eps: float = DOUBLE


@dataclass(frozen=True)
class Variant:
    """A right body of another definition that the field has under the same name, where no map of arguments and outputs
    expresses it: `convention` is its name, `what` tells in a sentence what differs and where it is found."""

    reference: str
    convention: str
    body: Body
    what: str


def roles(reference: Reference) -> tuple[str, ...]:
    """Everything in which an implementation can differ: the outputs, then the gradients."""
    return (*reference.result, *(f"gradient.{name}" for name in reference.wrt))


def mistake(
    reference: Reference, *reveals: str, seen: str = "", blind: bool = False, name: str = ""
) -> Callable[[Body], Mistake]:
    """Declare a body as a mistake; it shows in all roles unless some are named. Its docstring is `what`. It is named
    like its function, or by `name` where that is taken in its file."""
    known = roles(reference)
    if not set(reveals) <= set(known):
        raise ValueError(f"{reference.name} has the roles {', '.join(known)}, not {', '.join(reveals)}")
    shown = tuple(role for role in known if role in reveals) or known

    def declare(body: Body) -> Mistake:
        return Mistake(
            name=f"{reference.name}/{name or body.__name__}",
            reference=reference.name,
            body=body,
            reveals=shown,
            hides=tuple(role for role in known if role not in shown),
            seen=seen,
            what=_what(body),
            blind=blind,
        )

    return declare


def rewrite(reference: Reference, eps: float = DOUBLE, name: str = "") -> Callable[[Body], Rewrite]:
    """Declare a body as a rewrite, named like its function or by `name`; its docstring says how it differs."""

    def declare(body: Body) -> Rewrite:
        return Rewrite(f"{reference.name}/{name or body.__name__}", reference.name, body, _what(body), eps)

    return declare


def variant(convention: str, reference: Reference) -> Callable[[Body], Variant]:
    """Declare a body as a variant; its docstring is `what`."""
    return lambda body: Variant(reference.name, convention, body, _what(body))


def variants(convention: str, *references: Reference) -> Callable[[Callable[[Body], Body]], tuple[Variant, ...]]:
    """Declare a function that makes of the body of each of these references a variant; its docstring is `what`."""
    return lambda make: tuple(
        Variant(reference.name, convention, make(reference.body), _what(make)) for reference in references
    )


def _what(body: Body) -> str:
    return " ".join((body.__doc__ or "").split())
