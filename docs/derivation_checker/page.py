"""The parts of a page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


class BadPage(ValueError):
    """The page breaks a rule of form; nothing on it was evaluated."""


@dataclass(frozen=True)
class Given:
    name: str
    source: str


@dataclass(frozen=True)
class Step:
    name: str
    tex: str
    expression: str
    call: str = ""
    fields: dict = field(default_factory=dict)
    against: str | None = None          # the step that it must equal; None where a chain starts


@dataclass(frozen=True)
class Mistake:
    step: str
    why: str
    expression: str


@dataclass(frozen=True)
class Page:
    name: str
    blocks: tuple

    def of(self, kind):
        return [b for b in self.blocks if isinstance(b, kind)]

    def step(self, name):
        return next(s for s in self.of(Step) if s.name == name)

    def with_expression(self, name, expression):
        """The same page with another expression in one step (for the tests of the checker)."""
        old = self.step(name)
        new = replace(old, expression=expression)
        return replace(self, blocks=tuple(new if b is old else b for b in self.blocks))
