"""Where the child begins: `python -m refdgm.check.process.start READ WRITE`, two inherited file descriptors.

First a guard, before any library has threads, then the worker.
"""

import os
import select
import signal
import sys


def guard(read: int, write: int) -> None:
    """A process beside this one that ends the whole group, us and what the candidate started, when nobody is left who
    could ask: then the other end of `read` is closed. It is no child of ours, so that a candidate may wait for its own.
    """
    if between := os.fork():
        os.waitpid(between, 0)
        return
    if os.fork():
        os._exit(0)
    os.close(write)
    waiting = select.poll()
    waiting.register(read, 0)  # no event but the hang-up
    waiting.poll()
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    ends = int(sys.argv[1]), int(sys.argv[2])
    for end in ends:
        os.set_inheritable(end, False)
    guard(*ends)
    from refdgm.check.process.memory import keep
    from refdgm.check.process.worker import main

    keep()
    main(*ends)
