"""The memory of a process and of all that it started, where /proc tells it; elsewhere there is no limit."""

import ctypes
import os
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


KEPT = 2**30  # bytes
TRIM, MAPPED = -1, -3  # of mallopt, <malloc.h>


def keep() -> None:
    """Have this process keep what it frees, up to a GiB, for the next large array: glibc gives the pages of each back,
    and the system fills them with zeros anew, which takes as long as the arithmetic. Other libraries are left as they
    are."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    for what in (TRIM, MAPPED):
        mallopt(what, KEPT)


def beyond(pid: int, limit: float) -> bool:
    """Whether they hold more bytes than this. Pages that several of them share are counted once, in a second look."""
    tree = family(pid)
    return sum(map(resident, tree)) > limit and sum(map(proportional, tree)) > limit


def family(pid: int) -> list[int]:
    """The process and its descendants."""
    found = [pid]
    for one in found:
        for task in _listed(PROC / str(one) / "task"):
            found += [int(child) for child in _text(task / "children").split()]
    return found


def resident(pid: int) -> int:
    """Bytes that are in memory for it, shared ones too."""
    fields = _text(PROC / str(pid) / "statm").split()
    return int(fields[1]) * PAGE if len(fields) > 1 else 0


def proportional(pid: int) -> int:
    """The same, but of a page that n processes share an nth."""
    for line in _text(PROC / str(pid) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return resident(pid)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended
        return ""


def _listed(path: Path) -> list[Path]:
    try:
        return list(path.iterdir())
    except OSError:
        return []
