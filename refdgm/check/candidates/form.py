"""A candidate in the form in which it is asked: what to call, with what, and what it returns."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from refdgm.errors import RefdgmError


class CandidateError(RefdgmError):
    """A candidate is declared in a way that has no meaning."""


@dataclass(frozen=True)
class Candidate:
    """A callable with how it is to be called and what it returns."""

    reference: str
    function: Callable[..., Any]
    gradient: Callable[..., Any] | None
    arguments: tuple[str, ...] | dict[str, str] | None
    outputs: tuple[str, ...]
    gradients: tuple[str, ...]
    pair: bool
    reduction: str
    parameters: dict[str, str]
    convention: str
    framework: str
    dtype: str
    taken: str = ""  # why for this framework, where it does not say
    called: str = ""  # how, where its signature does not have our names
    minded: tuple[str, ...] = ()  # hyper-parameters whose gradients it says that it has
    fixed: dict[str, Any] = field(default_factory=dict)  # what it is not passed, and does always so
    shape: dict[str, str] = field(default_factory=dict)  # the axes of arrays that it has otherwise
    sums: dict[str, dict[str, float]] = field(default_factory=dict)  # outputs that are weighted sums of ours
    lacks: tuple[str, ...] = ()  # options that its signature does not have, and nobody fixed
    elementary: dict[str, float] = field(default_factory=dict)  # ulps that its platform's functions err by
    expect: dict[str, Any] = field(default_factory=dict)  # the difference that is meant; see `expecting.py`

    def plain(self) -> dict[str, Any]:
        """What the other side needs to know, as data."""
        kept = {"reference", "function", "gradient", "arguments", "parameters"}
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name not in kept}
