"""What a candidate does not take, for it does it always in one way: a word of an option, a number of an argument."""

from math import isfinite
from typing import Any

from refdgm.check.candidates.form import CandidateError
from refdgm.declaration.domain import Array, Option
from refdgm.reference import Reference


def fixed(ref: Reference, given: Any) -> dict[str, Any]:
    """The entry's `fixed`, if every value is one that the argument can have."""
    if not isinstance(given, dict):
        raise CandidateError(f'{ref.name}: fixed must be a dictionary such as {{"beta": 0.25}}, got {given!r}')
    for name, value in given.items():
        if name not in ref.args:
            raise CandidateError(f"{ref.name}: fixed names {name!r}, which is not among {', '.join(ref.args)}")
        if why := refused(ref.args[name], value):
            raise CandidateError(f"{ref.name}: fixed {name} must be {why}, got {value!r}")
    return dict(given)


def refused(domain: Any, value: Any) -> str:
    """What the value must be, where it is not."""
    number = type(value) in (int, float) and isfinite(value)
    if isinstance(domain, Option) and (words := domain.words or tuple(domain.known)):
        return "" if type(value) is str and value in words else f"one of {', '.join(words)}"
    if isinstance(domain, Option):
        least = domain.least or 0
        whole = type(value) is int and value >= least and value % domain.multiple == 0
        several = f" and a multiple of {domain.multiple}" if domain.multiple > 1 else ""
        return "" if whole else f"a whole number of at least {least}{several}"
    if not isinstance(domain, Array):
        return "left out, for it is a dictionary of arrays"
    return "" if number and bool(domain.support.holds(value)) else f"a number ({domain.support.name})"
