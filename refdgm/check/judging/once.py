"""What is measured once: within a check, or within several that are told to share it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Kept = dict[tuple[Any, ...], Any]
_kept: list[Kept] = []  # of the check that is running
_shared: list[Kept] = []  # of several checks


def kept() -> Kept | None:
    """What has been measured so far; None outside of a check."""
    return _kept[-1] if _kept else None


@contextmanager
def measuring_once() -> Iterator[None]:
    """Within: the tolerance of a question is measured once, however often a diagnosis asks it again."""
    _kept.append(_shared[-1] if _shared else {})
    try:
        yield
    finally:
        _kept.pop()


@contextmanager
def measuring_together() -> Iterator[None]:
    """Within: all checks share what they measure, for who has many candidates of one reference."""
    _shared.append({})
    try:
        yield
    finally:
        _shared.pop()
