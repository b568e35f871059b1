"""Bodies with one gradient scaled or taken out."""

from typing import Any


def multiplied(found: Any, factor: float) -> Any:
    """A multiple of an objective, rightly differentiated."""
    value, right = found
    return factor * value, lambda bar: right(factor * bar)


def without(found: Any, *names: str) -> Any:
    """The same with some arguments detached."""
    value, right = found
    return value, lambda bar: (g := right(bar)) | {name: 0 * g[name] for name in names}


def times(found: Any, name: str, factor: float) -> Any:
    """The same with one cotangent multiplied."""
    value, right = found
    return value, lambda bar: (g := right(bar)) | {name: factor * g[name]}
