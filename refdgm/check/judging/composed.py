"""Another definition of the field that calls the reference, with a usual form of it in its place.

A root, a quotient or a logarithm of what the reference gives makes more, or less, of the rounding that an honest form
of it leaves: a distance is the root of a square that cancels, and its slope divides by what is left. Neither the
rounding of the reference nor that of the definition's own text tells of that.
"""

from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from types import FunctionType
from typing import Any

from refdgm.cases import flatten, nest
from refdgm.check.candidates.answering import answer
from refdgm.check.candidates.form import Candidate
from refdgm.check.noise import noisy
from refdgm.nets.field import Field
from refdgm.reference import Reference

Body = Callable[..., Any]


class Nameless(Exception):
    """A Field that the definition has changed, which no form receives."""


class _StandIn:
    """Has the body that a form makes, and is called in the place of the reference."""

    def __init__(self, ref: Reference, form: Candidate) -> None:
        self.ref, self.form = ref, form

    def body(self, *args: Any, **options: Any) -> Any:
        """Value and pullback: a form tells its gradients together with its value, and so is asked again."""
        given = signature(self.ref.body).bind(*args, **options)
        given.apply_defaults()
        inputs = {name: noisy(x) for name, x in flatten({n: given.arguments[n] for n in self.ref.arrays}).items()}
        chosen = {name: self._named(name, given.arguments[name]) for name in self.ref.options}
        value = answer(replace(self.form, gradients=()), self.ref, chosen, inputs, {}).outputs
        outputs = {name: noisy(value[name]) for name in self.ref.result}

        def pullback(*bars: Any) -> Any:
            made = answer(self.form, self.ref, chosen, inputs, dict(zip(self.ref.bars, bars, strict=True)))
            return nest({name: noisy(g) for name, g in made.gradients.items()})

        return (tuple(outputs.values()) if len(outputs) > 1 else outputs["value"]), pullback

    def _named(self, option: str, x: Any) -> Any:
        """A Field by its name, as a question has it."""
        known = self.ref.args[option].known
        for name, field in known.items():
            if field is x:
                return name
        if isinstance(x, Field):
            raise Nameless
        return x


def with_form(body: Body, ref: Reference, form: Candidate) -> Body | None:
    """The body with the form for the reference, in the functions of its module too; None where it does not call it."""
    instead = _StandIn(ref, form)
    names = dict[str, Any](getattr(body, "__globals__", {}))
    called = {name: instead if x is ref else instead.body for name, x in names.items() if x is ref or x is ref.body}
    if not called or not isinstance(body, FunctionType):
        return None
    others = {name: f for name, f in names.items() if isinstance(f, FunctionType) and f.__module__ == body.__module__}
    names |= called | {name: _of(f, names) for name, f in others.items() if name not in called}
    return _of(body, names)


def _of(function: FunctionType, names: dict[str, Any]) -> FunctionType:
    made = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made
