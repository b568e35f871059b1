"""A scale that is measured no further than a question needs."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from refdgm.check.numbers import Arrays


class Scale:
    """By role, the largest of several changes, measured step by step when they are needed.

    The largest of more changes is never smaller: an answer that is within the first of them is within all, and most
    right answers are. `read` makes the scale of a role of the largest change, and keeps that order.
    """

    def __init__(
        self, start: Arrays, steps: Iterator[tuple[Arrays, ...]], read: Callable[[str, Any], Any] = lambda role, x: x
    ) -> None:
        self._largest, self._steps, self._read = dict(start), steps, read

    def __getitem__(self, role: str) -> Any:
        return self._read(role, self._largest[role])

    def until(self, role: str, enough: Callable[[Any], bool]) -> Any:
        """The scale of a role as soon as it is enough, or the whole of it."""
        while not enough(self[role]) and self._step():
            pass
        return self[role]

    def growing(self) -> Iterator[Arrays]:
        """The scale of every role as it grows with every step, as far as it has been measured at first."""
        yield {role: self[role] for role in self._largest}
        while self._step():
            yield {role: self[role] for role in self._largest}

    def _step(self) -> bool:
        changes = next(self._steps, None)
        for change in changes or ():
            self._largest |= {name: np.maximum(self._largest[name], x) for name, x in change.items()}
        return changes is not None

    @property
    def whole(self) -> Arrays:
        """The scale of every role, all of it measured."""
        for role in self._largest:
            self.until(role, lambda x: False)
        return {role: self[role] for role in self._largest}
