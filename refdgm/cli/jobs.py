"""`--jobs N`: several functions of a file, or several files, at the same time, each in a process that judges.

What comes back is what one process would have found, in its order: the same cases and seeds, and what the candidate
printed. A process that judges keeps its candidate for its next function; what one function changes for all others is
not seen by those that another process asks.
"""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from os import _exit
from typing import Any

from refdgm.check.process.reply import CandidateGone
from refdgm.check.report import exits
from refdgm.cli.planned import Findings, Plan
from refdgm.cli.refused import Refused

_kept: dict[Any, Any] = {}  # of a process that judges: its candidate


@contextmanager
def started(many: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that judge; none of them is left, however this ends."""
    pool = ProcessPoolExecutor(many, mp_context=get_context("spawn"), initializer=_prepare)
    try:
        yield pool
    except BaseException:  # the candidates end with them
        for process in list((pool._processes or {}).values()):
            process.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _prepare() -> None:
    """Here, in one of them: the first process alone hears Ctrl-C; and when that is no more, this is none either."""
    signal.signal(signal.SIGINT, lambda *_: None)  # not SIG_IGN, which a candidate would inherit
    parent = parent_process()
    assert parent is not None
    threading.Thread(target=_ending, args=(parent.sentinel,), daemon=True).start()


def _ending(sentinel: int) -> None:
    connection.wait([sentinel])
    _exit(exits.FAULT)


def each(pool: ProcessPoolExecutor, work: Callable[..., Any], every: Sequence[Any],
         found: Callable[[Any, Any], None]) -> None:
    """What comes of each, in their order, told as soon as it and those before it are known."""
    asked: list[Future[Any]] = [pool.submit(work, *one) for one in every]
    for one, future in zip(every, asked, strict=True):
        try:
            what: Any = future.result()
        except Refused as refused:
            what = refused
        except BrokenProcessPool:
            what = Refused("a process that judges was ended from outside, perhaps for want of memory; "
                           "give fewer --jobs", exits.FAULT)
        found(one, what)


def judged(plan: Plan, found: Any, name: str, check: Callable[..., None], opened: Callable[..., Any]
           ) -> tuple[Findings, str, int]:
    """Of one function: what was found, and what it printed, in lines too. `found` is what the candidate declared to the
    first process."""
    if plan.module not in _kept:
        try:
            asked = opened(plan.load or plan.module, plan.timeout, plan.memory, plan.untrusted)
        except CandidateGone as gone:
            raise Refused(f"the candidate could not be loaded once more: {gone}", exits.RAISED) from None
        if asked.found != found:
            raise Refused("loaded once more, the candidate declares something else; leave --jobs out", exits.RAISED)
        _kept[plan.module] = asked
    asked, findings = _kept[plan.module], Findings()
    before, lines = asked.said(), asked.printed()
    check(plan, asked, name, findings, lambda *_: None)
    return findings, asked.said()[len(before):], asked.printed() - lines
