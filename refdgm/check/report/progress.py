"""Progress on standard error, of runs long enough to wonder about, and only on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 1.0  # seconds before anything is shown


@contextmanager
def shown(functions: int) -> Iterator[Callable[[str, int, int], None]]:
    """A function that is told (reference, case, cases) at every step."""
    started, last, seen, width = time.monotonic(), 0.0, set(), 0
    live = sys.stderr.isatty()

    def step(name: str, case: int, cases: int) -> None:
        nonlocal last, width
        seen.add(name)
        now = time.monotonic()
        if live and now - started > PATIENCE and now - last > 0.1:
            last = now
            text = f"  {name}  case {case} of {cases}   function {len(seen)} of {functions}   {now - started:.0f} s"
            sys.stderr.write("\r" + text.ljust(width))
            sys.stderr.flush()
            width = len(text)

    try:
        yield step
    finally:
        if width:
            sys.stderr.write("\r" + " " * width + "\r")
            sys.stderr.flush()
