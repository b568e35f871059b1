"""How a number an example meets its axes."""

from typing import Any

from refdgm.namespace import Array


def over(score: Array) -> Any:
    """How a number an example meets the axes of the examples, and these axes."""
    return (slice(None), *[None] * (score.ndim - 1)), tuple(range(1, score.ndim))


def flat(x: Any) -> Any:
    return x.reshape(len(x), -1)
