"""Progress on standard error with the time that is left, of runs that one may wonder about, and only on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec

PATIENCE = 1.0  # seconds before anything is shown
OFTEN = 0.1  # seconds between two looks


@contextmanager
def shown(functions: int) -> Iterator[Callable[[str, int, int], None]]:
    """A function that is told (reference, case, cases) at every step, or (reference, finished, functions) where several
    are asked at the same time."""
    if not sys.stderr.isatty() or find_spec("rich") is None:
        yield lambda name, case, cases: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    started, last, before, current = time.monotonic(), 0.0, 0, ""
    bar = Progress(TextColumn("{task.description}", markup=False), BarColumn(20), TimeElapsedColumn(),
                   TextColumn("left"), TimeRemainingColumn(elapsed_when_finished=False),
                   console=Console(stderr=True), transient=True, auto_refresh=False,
                   redirect_stdout=False, redirect_stderr=False)  # what is printed goes where it belongs
    task = bar.add_task("", total=functions)

    def step(name: str, case: int, cases: int) -> None:
        nonlocal last, before, current
        if current and name != current:
            before += 1
        current, now = name, time.monotonic()
        if now - started > PATIENCE and now - last > OFTEN:
            last = now
            bar.start()
            bar.update(task, description=f"{name}, {case} of {cases}",
                       completed=min(functions, before + case / cases), refresh=True)

    try:
        yield step
    finally:
        with suppress(OSError):  # a terminal that is gone
            bar.stop()
