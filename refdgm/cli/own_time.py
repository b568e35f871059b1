"""A limit on refdgm's own work, where its size is that of somebody's file: seconds of this process, not of the clock.
To wait for a candidate, which has a limit of its own, costs nothing."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

AGAIN = 0.25  # seconds: what is raised inside a callback of the garbage collector, or a __del__, is lost


class Overdue(BaseException):
    """The time is over; no `except Exception` on the way keeps it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Within: `Overdue` after so many seconds of work. Where a system has no such timer there is no limit."""
    if not hasattr(signal, "SIGPROF") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(*_: Any) -> None:
        raise Overdue

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
