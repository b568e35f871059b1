"""What `--untrusted` takes from the candidate's process, as far as Linux lets a user: a look into the judge's memory
and open files, signals to it, and a life beyond its end. Nothing here needs a root's rights; where the user has them,
the candidate loses those that would undo it. Elsewhere nothing is taken, and what was taken is told.
"""

import ctypes
import os
import sys
from typing import Any

MEMORY, SIGNALS, HELPERS = "the judge's memory", "signals to the judge", "helpers that outlive it"
DUMPABLE, BOUNDING_DROP, SUBREAPER, NO_NEW_PRIVILEGES = 4, 24, 36, 38  # of prctl
CREATE_RULESET, RESTRICT_SELF = 444, 446  # of Landlock, the same on every processor
MAKE_BLOCK, SCOPE_SIGNAL = 1 << 11, 1 << 1  # to make a device file, which no candidate does; signals beyond the ruleset
KEPT = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "SHELL", "TERM"]
KEPT_STARTS = ("LC_", "LD_", "PYTHON", "OMP_", "MKL_", "OPENBLAS_", "NPY_", "CUDA", "NVIDIA_", "HIP_", "ROCR_", "XLA_",
               "JAX_", "TORCH", "PYTORCH", "TRITON", "CUPY", "CONDA_PREFIX", "VIRTUAL_ENV", "SYSTEMROOT", "XDG_CACHE")


def environment() -> dict[str, str]:
    """What a framework needs to be found and to run; no token or password that another program was given."""
    return {name: x for name, x in os.environ.items() if name in KEPT or name.startswith(KEPT_STARTS)}


def judge() -> list[str]:
    """Here, in the judge: what no process of the same user reads any more, and who is brought home when its parent
    ends. The candidate, which starts another program, is not itself meant."""
    if _prctl(DUMPABLE, 0) | _prctl(SUBREAPER, 1):
        return []
    return [HELPERS]


def candidate() -> list[str]:
    """There, before anything of the candidate is imported."""
    if not sys.platform.startswith("linux"):
        return []
    if os.geteuid() == 0:
        _without_rights()
    signals = _landlocked()
    return [*[MEMORY] * _cannot_read(os.getppid()), *[SIGNALS] * signals]


def _without_rights() -> None:
    """No capability, now or by starting a program: root without them is a user like another."""
    for number in range(64):
        _prctl(BOUNDING_DROP, number)
    _prctl(NO_NEW_PRIVILEGES, 1)
    head, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    keep = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: files of others, as root expects
    sets[0] = sets[1] = keep
    _libc().capset(ctypes.byref(head), ctypes.byref(sets))


def _landlocked() -> bool:
    """In a ruleset of its own: no tracing of processes outside it, and where the kernel has it no signals to them."""
    libc = _libc()
    scoped = libc.syscall(CREATE_RULESET, None, 0, 1) >= 6
    rules = (ctypes.c_uint64 * 3)(MAKE_BLOCK, 0, SCOPE_SIGNAL if scoped else 0)
    ruleset = libc.syscall(CREATE_RULESET, ctypes.byref(rules), 24 if scoped else 8, 0)
    if ruleset < 0:
        return False
    done = _prctl(NO_NEW_PRIVILEGES, 1) == 0 and libc.syscall(RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return done and scoped


def _cannot_read(pid: int) -> bool:
    """Tried, not assumed."""
    try:
        os.close(os.open(f"/proc/{pid}/mem", os.O_RDONLY))
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _prctl(what: int, x: int) -> int:
    return int(_libc().prctl(what, x, 0, 0, 0)) if sys.platform.startswith("linux") else -1


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)
